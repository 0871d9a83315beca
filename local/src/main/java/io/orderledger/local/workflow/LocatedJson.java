package io.orderledger.local.workflow;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A value of a definition file that knows its line.
 *
 * @param pointer where it is in the file, as a JSON pointer
 */
record LocatedJson(String file, Map<String, Integer> lines, String pointer, JsonNode value) {

    /** Numbers are kept as written: a price that goes through a workflow must not change its digits. */
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /**
     * Reads a file's text.
     *
     * @throws DefinitionException where it is no JSON object, or an object has a member twice
     */
    static LocatedJson read(String file, String text) {
        try {
            JsonNode root = JSON.reader()
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .readTree(text);
            var located = new LocatedJson(file, lines(text), "", root);
            located.requireType(JsonNodeType.OBJECT);
            return located;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            throw new DefinitionException(file, line, "this is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new DefinitionException(file, 1, "this is not valid JSON: " + e.getMessage());
        }
    }

    Location location() {
        return new Location(file, lines.getOrDefault(pointer, 1));
    }

    DefinitionException refused(String reason) {
        return new DefinitionException(location(), reason);
    }

    /** Refuses every member that is not among the supported ones. */
    void allowOnly(Set<String> supported) {
        requireType(JsonNodeType.OBJECT);
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            if (!supported.contains(member.getKey())) {
                throw at(member.getKey(), member.getValue())
                        .refused("\"" + member.getKey() + "\" is not supported here");
            }
        }
    }

    boolean has(String member) {
        return value.has(member);
    }

    /** A member, JSON null included. */
    Optional<LocatedJson> find(String member) {
        JsonNode found = value.get(member);
        return found == null ? Optional.empty() : Optional.of(at(member, found));
    }

    LocatedJson get(String member) {
        return find(member).orElseThrow(() -> refused("\"" + member + "\" is missing"));
    }

    Optional<String> findText(String member) {
        return find(member).map(LocatedJson::text);
    }

    String text() {
        requireType(JsonNodeType.STRING);
        return value.textValue();
    }

    boolean bool() {
        requireType(JsonNodeType.BOOLEAN);
        return value.booleanValue();
    }

    /** A whole number within bounds. */
    int integer(int least, int most) {
        if (!value.isIntegralNumber() || value.longValue() < least || value.longValue() > most) {
            throw refused("a whole number from " + least + " to " + most + " is expected");
        }
        return value.intValue();
    }

    List<LocatedJson> elements() {
        requireType(JsonNodeType.ARRAY);
        var elements = new ArrayList<LocatedJson>();
        for (int i = 0; i < value.size(); i++) {
            elements.add(at(Integer.toString(i), value.get(i)));
        }
        return List.copyOf(elements);
    }

    /** The members of an object, in the file's order. */
    Map<String, LocatedJson> members() {
        requireType(JsonNodeType.OBJECT);
        var members = new java.util.LinkedHashMap<String, LocatedJson>();
        value.properties().forEach(member -> members.put(member.getKey(), at(member.getKey(), member.getValue())));
        return members;
    }

    private void requireType(JsonNodeType type) {
        if (value.getNodeType() != type) {
            throw refused("a value of type " + type + " is expected");
        }
    }

    private LocatedJson at(String segment, JsonNode child) {
        String escaped = segment.replace("~", "~0").replace("/", "~1");
        return new LocatedJson(file, lines, pointer + "/" + escaped, child);
    }

    private static Map<String, Integer> lines(String text) throws IOException {
        var lines = new HashMap<String, Integer>();
        try (JsonParser parser = JSON.createParser(text)) {
            JsonToken token;
            while ((token = parser.nextToken()) != null) {
                if (token != JsonToken.END_OBJECT && token != JsonToken.END_ARRAY) {
                    String pointer = parser.getParsingContext().pathAsPointer().toString();
                    // A structure's start is seen in its parent's context; its own begins with the next token.
                    String own = token.isStructStart()
                            ? parser.getParsingContext()
                                    .getParent()
                                    .pathAsPointer()
                                    .toString()
                            : pointer;
                    lines.putIfAbsent(own, parser.currentTokenLocation().getLineNr());
                }
            }
        }
        return Map.copyOf(lines);
    }
}
