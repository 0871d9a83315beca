package io.orderledger.local.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a line that is one JSON object, as strictly as the functions read a message: no field twice, nothing behind the object, UTF-8
 * alone, no nesting without end.
 */
final class JsonLine {
    /** The most that a request can be, so the most that an event was. */
    static final int MAX_SIZE_BYTES = 1_048_576;

    private static final int MAX_NESTING = 64;
    private static final int MAX_NUMBER_LENGTH = 64;
    private static final int MAX_NAME_CODE_POINTS = 64;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonLine() {}

    /** Reads the object; the problem of any other line holds nothing of its content. */
    static ObjectNode read(byte[] line) throws EventLine.Invalid {
        if (line.length > MAX_SIZE_BYTES) {
            throw new EventLine.Invalid("the line must have at most " + MAX_SIZE_BYTES + " bytes");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
            throw new EventLine.Invalid("the line must be a JSON object");
        } catch (CharacterCodingException e) {
            throw new EventLine.Invalid("the line must be UTF-8");
        } catch (MismatchedInputException e) {
            throw new EventLine.Invalid("the line must be one JSON object that gives no field twice" + place(e));
        } catch (JacksonException e) {
            throw new EventLine.Invalid("the line must be JSON" + place(e));
        }
    }

    /** A name that somebody else chose, made fit for a terminal. */
    static String printable(String name) {
        StringBuilder printable = new StringBuilder();
        name.codePoints()
                .limit(MAX_NAME_CODE_POINTS)
                .map(character ->
                        Character.isLetterOrDigit(character) || "_-.$ ".indexOf(character) >= 0 ? character : '?')
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }

    private static String place(JacksonException e) {
        JsonLocation location = e.getLocation();
        return location == null ? "" : " (column " + location.getColumnNr() + ")";
    }
}
