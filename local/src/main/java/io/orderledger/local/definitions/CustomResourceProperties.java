package io.orderledger.local.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.definitions.Node.Mapping;
import io.orderledger.local.definitions.Node.Scalar;
import io.orderledger.local.definitions.Node.Sequence;

/** Properties as CloudFormation sends them to a custom resource: every single value is text. */
final class CustomResourceProperties {

    private CustomResourceProperties() {}

    static ObjectNode of(Mapping mapping) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        mapping.entries().forEach((key, entry) -> object.set(key, json(entry.value())));
        return object;
    }

    private static JsonNode json(Node node) {
        return switch (node) {
            case Scalar scalar -> JsonNodeFactory.instance.textNode(scalar.text());
            case Mapping mapping -> of(mapping);
            case Sequence sequence -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                sequence.items().forEach(item -> array.add(json(item)));
                yield array;
            }
        };
    }
}
