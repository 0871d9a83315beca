package io.orderledger.local.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A piece of a definition file that still knows where it was written. */
sealed interface Node {

    Location location();

    /** The same content as JSON, for what is handed on as JSON: event patterns, models, custom resources' properties. */
    JsonNode toJson();

    /** What kind of value this is, in the words of an error message. */
    String kind();

    /**
     * A single value.
     *
     * @param location the line its text begins on; for a block scalar, the first line of the block
     */
    record Scalar(Location location, String text, Type type) implements Node {

        enum Type {
            TEXT,
            NUMBER,
            BOOLEAN,
            NULL
        }

        @Override
        public JsonNode toJson() {
            return switch (type) {
                case TEXT -> JsonNodeFactory.instance.textNode(text);
                case NUMBER -> number();
                case BOOLEAN -> JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text));
                case NULL -> JsonNodeFactory.instance.nullNode();
            };
        }

        private JsonNode number() {
            boolean integer = text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
            return integer
                    ? JsonNodeFactory.instance.numberNode(new BigInteger(text))
                    : JsonNodeFactory.instance.numberNode(new BigDecimal(text));
        }

        @Override
        public String kind() {
            return switch (type) {
                case TEXT -> "text";
                case NUMBER -> "a number";
                case BOOLEAN -> "true or false";
                case NULL -> "null";
            };
        }
    }

    /** A list. */
    record Sequence(Location location, List<Node> items) implements Node {

        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public JsonNode toJson() {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> array.add(item.toJson()));
            return array;
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys with their values, in the order of the file. */
    record Mapping(Location location, Map<String, Entry> entries) implements Node {

        Optional<Entry> entry(String key) {
            return Optional.ofNullable(entries.get(key));
        }

        @Override
        public JsonNode toJson() {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            entries.forEach((key, entry) -> object.set(key, entry.value().toJson()));
            return object;
        }

        @Override
        public String kind() {
            return "a map";
        }
    }

    /**
     * One value of a mapping.
     *
     * @param location where the key is written
     */
    record Entry(Location location, Node value) {}
}
