package io.orderledger.local.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** A value that is computed: a path into the input, a path into the context object, an intrinsic function, a constant. */
sealed interface Expression {

    /**
     * What expressions are evaluated against.
     *
     * @param input the state's effective input
     * @param context the context object ({@code $$})
     * @param ids draws what {@code States.UUID()} gives
     */
    record Scope(JsonNode input, JsonNode context, Supplier<UUID> ids) {
        Scope withInput(JsonNode other) {
            return new Scope(other, context, ids);
        }
    }

    /**
     * The expression's value.
     *
     * @throws StateFailure where there is none
     */
    JsonNode evaluate(Scope scope);

    /** A constant argument of an intrinsic function. */
    record Constant(JsonNode value) implements Expression {
        @Override
        public JsonNode evaluate(Scope scope) {
            return value;
        }
    }

    /** A JSONPath; with {@code $$} into the context object. */
    record Path(String text, JsonPath path, boolean intoContext) implements Expression {

        private static final Configuration JACKSON = Configuration.builder()
                .jsonProvider(new JacksonJsonNodeJsonProvider(LocatedJson.JSON))
                .mappingProvider(new JacksonMappingProvider(LocatedJson.JSON))
                .build();

        /**
         * Compiles a path.
         *
         * @throws JsonPathException where the text is none
         */
        static Path of(String text) {
            boolean intoContext = text.startsWith("$$");
            return new Path(text, JsonPath.compile(intoContext ? text.substring(1) : text), intoContext);
        }

        @Override
        public JsonNode evaluate(Scope scope) {
            return find(scope)
                    .orElseThrow(() -> new StateFailure(
                            StateFailure.RUNTIME, "The JSONPath '" + text + "' could not be found in the input"));
        }

        /** The value, or empty where the path leads nowhere. */
        Optional<JsonNode> find(Scope scope) {
            try {
                JsonNode found = path.read(intoContext ? scope.context() : scope.input(), JACKSON);
                return Optional.ofNullable(found);
            } catch (JsonPathException _) {
                return Optional.empty();
            }
        }
    }

    /** A call of an intrinsic function. */
    record Call(Intrinsic function, List<Expression> arguments) implements Expression {
        @Override
        public JsonNode evaluate(Scope scope) {
            return function.apply(
                    arguments.stream().map(argument -> argument.evaluate(scope)).toList(), scope.ids());
        }
    }
}
