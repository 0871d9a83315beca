package io.orderledger.local.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The intrinsic functions that are supported. A wrong argument fails with States.IntrinsicFailure. */
enum Intrinsic {
    UUID_("States.UUID", 0, 0) {
        @Override
        JsonNode apply(List<JsonNode> arguments, Supplier<UUID> ids) {
            return TextNode.valueOf(ids.get().toString());
        }
    },
    FORMAT("States.Format", 1, Integer.MAX_VALUE) {
        @Override
        JsonNode apply(List<JsonNode> arguments, Supplier<UUID> ids) {
            return TextNode.valueOf(format(text(arguments.getFirst()), arguments.subList(1, arguments.size())));
        }
    },
    JSON_TO_STRING("States.JsonToString", 1, 1) {
        @Override
        JsonNode apply(List<JsonNode> arguments, Supplier<UUID> ids) {
            return TextNode.valueOf(written(arguments.getFirst()));
        }
    },
    STRING_TO_JSON("States.StringToJson", 1, 1) {
        @Override
        JsonNode apply(List<JsonNode> arguments, Supplier<UUID> ids) {
            try {
                return LocatedJson.JSON.readTree(text(arguments.getFirst()));
            } catch (JsonProcessingException _) {
                throw failure("the argument of States.StringToJson is not JSON");
            }
        }
    },
    JSON_MERGE("States.JsonMerge", 3, 3) {
        @Override
        JsonNode apply(List<JsonNode> arguments, Supplier<UUID> ids) {
            if (!(arguments.get(0) instanceof ObjectNode first)
                    || !(arguments.get(1) instanceof ObjectNode second)
                    || !arguments
                            .get(2)
                            .equals(LocatedJson.JSON.getNodeFactory().booleanNode(false))) {
                throw failure("States.JsonMerge takes two objects and false");
            }
            ObjectNode merged = first.deepCopy();
            merged.setAll(second.deepCopy());
            return merged;
        }
    };

    private final String title;
    private final int fewestArguments;
    private final int mostArguments;

    Intrinsic(String title, int fewestArguments, int mostArguments) {
        this.title = title;
        this.fewestArguments = fewestArguments;
        this.mostArguments = mostArguments;
    }

    abstract JsonNode apply(List<JsonNode> arguments, Supplier<UUID> ids);

    static Optional<Intrinsic> named(String title) {
        return Arrays.stream(values()).filter(each -> each.title.equals(title)).findFirst();
    }

    boolean takes(int arguments) {
        return arguments >= fewestArguments && arguments <= mostArguments;
    }

    private static String format(String template, List<JsonNode> values) {
        var formatted = new StringBuilder();
        int used = 0;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '\\' && i + 1 < template.length()) {
                i++;
                formatted.append(template.charAt(i));
            } else if (template.startsWith("{}", i)) {
                if (used == values.size()) {
                    throw failure("States.Format has fewer arguments than places");
                }
                JsonNode value = values.get(used++);
                formatted.append(value.isTextual() ? value.textValue() : written(value));
                i++;
            } else {
                formatted.append(c);
            }
        }
        if (used < values.size()) {
            throw failure("States.Format has more arguments than places");
        }
        return formatted.toString();
    }

    private static String text(JsonNode value) {
        if (!value.isTextual()) {
            throw failure("a string is expected as an argument");
        }
        return value.textValue();
    }

    static String written(JsonNode value) {
        try {
            return LocatedJson.JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON value is always writable", e);
        }
    }

    private static StateFailure failure(String cause) {
        return new StateFailure(StateFailure.INTRINSIC_FAILURE, cause);
    }
}
