package io.orderledger.handlers.requests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.orderledger.handlers.Messages;

/** JSON with one value written as given, character by character: also what no library would write. */
final class Json {
    private Json() {}

    static String with(String document, String pointer, String rawValue) {
        ObjectNode tree = Messages.json(document);
        JsonPointer place = JsonPointer.compile(pointer);
        JsonNode parent = tree.at(place.head());
        if (parent instanceof ArrayNode array) {
            array.setRawValue(place.last().getMatchingIndex(), new RawValue(rawValue));
        } else {
            ((ObjectNode) parent).putRawValue(place.last().getMatchingProperty(), new RawValue(rawValue));
        }
        return tree.toString();
    }
}
