package io.orderledger.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A model of a body. Its errors are worded like API Gateway's, but never repeat a value of the body: missing and unknown
 * fields by name, for the rest the rule and the place. Thread-safe.
 */
final class BodyModel {

    /** More would only make the answer longer. */
    private static final int MOST_ERRORS = 20;

    private final Schema schema;

    BodyModel(JsonNode document) {
        this.schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4).getSchema(document);
        schema.initializeValidators();
    }

    /** Every error, joined; empty if the body is as the model says. */
    String errors(JsonNode body) {
        Map<String, List<Error>> byRule = schema.validate(body).stream()
                .limit(MOST_ERRORS)
                .collect(Collectors.groupingBy(
                        error -> error.getInstanceLocation() + " " + error.getKeyword(),
                        TreeMap::new,
                        Collectors.toList()));
        return byRule.values().stream().map(BodyModel::message).collect(Collectors.joining(", "));
    }

    private static String message(List<Error> errors) {
        Error first = errors.getFirst();
        String properties = errors.stream()
                .map(error -> "\"" + error.getProperty() + "\"")
                .sorted()
                .collect(Collectors.joining(",", "[", "]"));
        String place = first.getInstanceLocation().toString();
        String rule = ruleOf(first);
        String said = switch (first.getKeyword()) {
            case "required" -> "object has missing required properties (" + properties + ")";
            case "additionalProperties" ->
                "object instance has properties which are not allowed by the schema: " + properties;
            case "type" -> "instance type does not match any allowed primitive type (allowed: " + rule + ")";
            case "pattern" -> "ECMA 262 regex " + rule + " does not match input string";
            case "maxLength" -> "string is too long (maximum allowed: " + rule + ")";
            case "minLength" -> "string is too short (required minimum: " + rule + ")";
            case "maximum" -> "numeric instance is greater than the required maximum (maximum: " + rule + ")";
            case "minimum" -> "numeric instance is lower than the required minimum (minimum: " + rule + ")";
            case "maxItems" -> "array is too long: must have at most " + rule + " elements";
            case "minItems" -> "array is too short: must have at least " + rule + " elements";
            case "enum" -> "instance value not found in enum (possible values: " + rule + ")";
            default -> "instance does not match the rule " + first.getKeyword();
        };
        return place.isEmpty() || place.equals("$") ? said : said + " at " + place;
    }

    private static String ruleOf(Error error) {
        JsonNode rule = error.getSchemaNode();
        return rule == null ? error.getKeyword() : Json.text(rule);
    }
}
