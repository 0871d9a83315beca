package io.orderledger.handlers.requests;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON that others wrote. Stricter than JSON itself where a reader would have to guess: a field given twice, text behind the
 * object, another encoding than UTF-8, nesting without end.
 *
 * <p>Stateless; thread-safe.
 */
public final class JsonText {
    /** The most that EventBridge takes as one entry, and more than a queue holds. */
    static final int MAX_MESSAGE_SIZE_BYTES = 1_048_576;

    private static final int MAX_NESTING = 64;
    private static final int MAX_NUMBER_LENGTH = 64;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonText() {}

    /**
     * Reads one JSON object.
     *
     * @throws Unreadable if it is anything else; sending the same again fails again
     */
    public static ObjectNode object(byte[] message) throws Unreadable {
        return object(decode(message));
    }

    /**
     * Reads one JSON object.
     *
     * @throws Unreadable if it is anything else; sending the same again fails again
     */
    public static ObjectNode object(String message) throws Unreadable {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(message);
        } catch (MismatchedInputException e) {
            throw new Unreadable(twice(e));
        } catch (JacksonException e) {
            throw new Unreadable("must be JSON" + place(e.getLocation()));
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw new Unreadable("must be a JSON object");
    }

    private static String decode(byte[] message) throws Unreadable {
        if (message.length > MAX_MESSAGE_SIZE_BYTES) {
            throw new Unreadable("must have at most " + MAX_MESSAGE_SIZE_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable("must be UTF-8");
        }
    }

    private static String twice(MismatchedInputException e) {
        String name = e.getProcessor() instanceof JsonParser parser ? nameAt(parser) : "";
        return "must not give a field twice: " + Problem.printable(name);
    }

    private static String nameAt(JsonParser parser) {
        String name = parser.getParsingContext().getCurrentName();
        return name == null ? "" : name;
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    /** The message cannot be read at all. The message says which rule it breaks and holds nothing of the content. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final String rule;

        Unreadable(String rule) {
            super("The message " + rule);
            this.rule = rule;
        }

        /** The broken rule, as the problem of the whole message. */
        public Problem problem() {
            return new Problem("message", rule);
        }
    }
}
