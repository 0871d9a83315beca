package io.orderledger.local.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.workflow.Expression.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code Parameters} or {@code ResultSelector}: JSON in which members that end in {@code .$} are computed. */
sealed interface PayloadTemplate {

    JsonNode evaluate(Scope scope);

    /**
     * Reads a template.
     *
     * @throws DefinitionException where a computed member is not understood
     */
    static PayloadTemplate of(LocatedJson json) {
        if (json.value().isObject()) {
            var members = new LinkedHashMap<String, PayloadTemplate>();
            json.members().forEach((name, value) -> {
                boolean computed = name.endsWith(".$");
                String plain = computed ? name.substring(0, name.length() - 2) : name;
                PayloadTemplate template = computed ? new Computed(ExpressionParser.parse(value)) : of(value);
                if (members.put(plain, template) != null) {
                    throw value.refused("\"" + plain + "\" is given twice");
                }
            });
            return new Members(members);
        }
        if (json.value().isArray()) {
            return new Elements(
                    json.elements().stream().map(PayloadTemplate::of).toList());
        }
        return new Literal(json.value());
    }

    /** A value as it stands. */
    record Literal(JsonNode value) implements PayloadTemplate {
        @Override
        public JsonNode evaluate(Scope scope) {
            return value;
        }
    }

    /** A value that is computed. */
    record Computed(Expression expression) implements PayloadTemplate {
        @Override
        public JsonNode evaluate(Scope scope) {
            return expression.evaluate(scope).deepCopy();
        }
    }

    /** An object. */
    record Members(Map<String, PayloadTemplate> members) implements PayloadTemplate {
        @Override
        public JsonNode evaluate(Scope scope) {
            ObjectNode object = LocatedJson.JSON.createObjectNode();
            members.forEach((name, template) -> object.set(name, template.evaluate(scope)));
            return object;
        }
    }

    /** An array. */
    record Elements(List<PayloadTemplate> elements) implements PayloadTemplate {
        @Override
        public JsonNode evaluate(Scope scope) {
            ArrayNode array = LocatedJson.JSON.createArrayNode();
            elements.forEach(template -> array.add(template.evaluate(scope)));
            return array;
        }
    }
}
