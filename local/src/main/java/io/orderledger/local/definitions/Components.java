package io.orderledger.local.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Mapping;
import io.orderledger.local.definitions.Node.Scalar;
import io.orderledger.local.definitions.Node.Sequence;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The {@code components} of an OpenAPI document, and the models made of its schemas. */
final class Components {

    private static final String PREFIX = "#/components/";

    /** The keywords of JSON Schema draft-04 that say something about a body. */
    private static final Set<String> KEYWORDS = Set.of(
            "type",
            "enum",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "required",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties");

    private static final Set<String> SUBSCHEMAS = Set.of("items", "additionalProperties", "not");
    private static final Set<String> LISTS_OF_SUBSCHEMAS = Set.of("allOf", "anyOf", "oneOf");

    /** API Gateway does not look at these: {@code format} is not checked, a default is not put in. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("title", "description", "example", "format", "default");

    private final Optional<Fields> components;
    private final Resolver resolver;
    private final Map<String, Entry> schemas;
    private final Set<String> checked = new HashSet<>();

    Components(Optional<Fields> components, Resolver resolver) {
        this.components = components;
        this.resolver = resolver;
        this.schemas = components.map(fields -> fields.entries("schemas")).orElse(Map.of());
        components.ifPresent(fields -> {
            fields.without("they are read where they are used", "parameters", "headers", "responses", "requestBodies");
            fields.without("it is told to people", "examples");
            fields.without("no operation may require them, see OpenApiReader", "securitySchemes");
            fields.refuseOthers();
        });
    }

    /** The node itself, or what its {@code $ref} names among the components of {@code kind}. */
    Node dereference(Node node, String kind) {
        Optional<Scalar> reference = reference(node);
        if (reference.isEmpty()) {
            return node;
        }
        String name = referencedName(reference.get(), kind);
        Entry entry =
                components.map(fields -> fields.entries(kind)).orElse(Map.of()).get(name);
        if (entry == null) {
            throw new DefinitionException(reference.get().location(), "there is no " + PREFIX + kind + "/" + name);
        }
        return resolver.resolveRequired(entry.value());
    }

    /** What to change, so that nobody has to fulfil a security scheme; API keys are asked for by a setting of their own. */
    String remedy(String scheme) {
        Optional<String> type = components
                .flatMap(fields -> fields.optionalFields("securitySchemes"))
                .flatMap(schemes -> schemes.optionalFields(scheme))
                .flatMap(fields -> fields.optionalText("x-amazon-apigateway-authtype"));
        return type.isPresent() ? "set ApiAuthorization to NONE" : "set ApiKeyRequired to false";
    }

    /** The schema as a JSON Schema document of its own, with every schema of the components among its definitions. */
    JsonNode model(Node schema) {
        check(schema);
        ObjectNode model = (ObjectNode) dereference(schema, "schemas").toJson();
        ObjectNode definitions = model.putObject("definitions");
        schemas.forEach((name, entry) -> definitions.set(name, entry.value().toJson()));
        redirectReferences(model);
        return model;
    }

    private static void redirectReferences(JsonNode node) {
        if (node instanceof ObjectNode object && object.path("$ref").isTextual()) {
            object.put("$ref", object.path("$ref").textValue().replace(PREFIX + "schemas/", "#/definitions/"));
        }
        node.forEach(Components::redirectReferences);
    }

    private void check(Node schema) {
        Mapping mapping = Fields.mapping(schema, "a schema");
        Optional<Scalar> reference = reference(schema);
        if (reference.isPresent()) {
            if (mapping.entries().size() > 1) {
                throw new DefinitionException(mapping.location(), "what stands beside $ref is ignored: remove it");
            }
            if (checked.add(reference.get().text())) {
                check(dereference(schema, "schemas"));
            }
            return;
        }
        mapping.entries().forEach(this::checkKeyword);
    }

    private void checkKeyword(String keyword, Entry entry) {
        Node value = entry.value();
        if (keyword.equals("properties")) {
            Fields.mapping(value, keyword).entries().values().forEach(property -> check(property.value()));
        } else if (SUBSCHEMAS.contains(keyword)) {
            if (!(value instanceof Scalar flag && flag.type() == Scalar.Type.BOOLEAN)) {
                check(value);
            }
        } else if (LISTS_OF_SUBSCHEMAS.contains(keyword) && value instanceof Sequence sequence) {
            sequence.items().forEach(this::check);
        } else if (!KEYWORDS.contains(keyword) && !WITHOUT_EFFECT.contains(keyword)) {
            throw new DefinitionException(
                    entry.location(), "API Gateway's models (JSON Schema draft-04) do not know " + keyword);
        }
    }

    private static Optional<Scalar> reference(Node node) {
        return node instanceof Mapping mapping
                ? mapping.entry("$ref")
                        .map(Entry::value)
                        .filter(Scalar.class::isInstance)
                        .map(Scalar.class::cast)
                : Optional.empty();
    }

    private static String referencedName(Scalar reference, String kind) {
        String prefix = PREFIX + kind + "/";
        if (!reference.text().startsWith(prefix)) {
            throw new DefinitionException(reference.location(), "$ref must begin with " + prefix);
        }
        return reference.text().substring(prefix.length());
    }
}
