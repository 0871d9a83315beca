package io.orderledger.handlers.parked;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.orderledger.handlers.requests.JsonText;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A message with everything withheld that may be somebody's personal data. A parked message is often not what it should be, so only what is in
 * its place and has the right form is shown; names of fields that are not known are withheld too, because a sender may put anything there.
 */
public final class Withheld {
    private static final JsonNode PLACEHOLDER = TextNode.valueOf("(withheld)");
    private static final Pattern UUID = Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,17}");

    /** Where a value may be, and the form in which it is nobody's personal data. An element of a list has its list's place. */
    private static final Map<String, Pattern> SHOWN = Map.ofEntries(
            Map.entry("version", Pattern.compile("[0-9.]{1,8}")),
            Map.entry("id", UUID),
            Map.entry("detail-type", NAME),
            Map.entry("source", NAME),
            Map.entry("account", Pattern.compile("[0-9]{12}")),
            Map.entry("time", Pattern.compile("[0-9TZ:.+-]{1,40}")),
            Map.entry("region", NAME),
            Map.entry("detail.eventId", UUID),
            Map.entry("detail.orderId", UUID),
            Map.entry("detail.schemaVersion", NUMBER),
            Map.entry("detail.requestedAt", NUMBER),
            Map.entry("detail.requestId", Pattern.compile("[A-Za-z0-9=_-]{1,64}")),
            Map.entry("detail.path", Pattern.compile("(GET|POST|PUT) /[a-zA-Z/{}]{1,64}")),
            Map.entry("detail.data.channel", Pattern.compile("[A-Z]{1,20}")),
            Map.entry("detail.data.currency", Pattern.compile("[A-Z]{3}")),
            // A pseudonym, by the API's contract.
            Map.entry("detail.data.customer.id", NAME),
            Map.entry("detail.data.items.sku", NAME),
            Map.entry("detail.data.items.quantity", NUMBER),
            Map.entry("detail.data.items.unitPrice", NUMBER),
            Map.entry("failure.error", NAME));

    /** Fields whose name is known, and whose value is withheld. */
    private static final Set<String> KNOWN = Set.of(
            "resources",
            "detail",
            "detail.principal",
            "detail.data",
            "detail.data.customer",
            "detail.data.customer.name",
            "detail.data.customer.phone",
            "detail.data.customer.email",
            "detail.data.deliveryAddress",
            "detail.data.deliveryAddress.line1",
            "detail.data.deliveryAddress.line2",
            "detail.data.deliveryAddress.city",
            "detail.data.deliveryAddress.region",
            "detail.data.deliveryAddress.postalCode",
            "detail.data.deliveryAddress.country",
            "detail.data.items",
            "detail.data.items.name",
            "detail.data.notes",
            "detail.data.reason",
            "failure",
            "failure.cause");

    private Withheld() {}

    /** The message in the shape that it has; a text that says so for what is no JSON object. */
    public static JsonNode from(byte[] message) {
        try {
            return from("", JsonText.object(message));
        } catch (JsonText.Unreadable e) {
            return TextNode.valueOf("(withheld: " + message.length + " bytes that cannot be read as a JSON object)");
        }
    }

    private static JsonNode from(String place, JsonNode value) {
        return switch (value) {
            case ObjectNode object -> fields(place, object);
            case ArrayNode array -> {
                ArrayNode elements = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> elements.add(from(place, element)));
                yield elements;
            }
            default -> value.isNull() || isShown(place, value) ? value : PLACEHOLDER;
        };
    }

    private static ObjectNode fields(String place, ObjectNode object) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        int unknown = 0;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String inner = place.isEmpty() ? field.getKey() : place + "." + field.getKey();
            if (KNOWN.contains(inner) || SHOWN.containsKey(inner)) {
                fields.set(field.getKey(), from(inner, field.getValue()));
            } else {
                unknown++;
                fields.set("(unknown field %d)".formatted(unknown), PLACEHOLDER);
            }
        }
        return fields;
    }

    private static boolean isShown(String place, JsonNode value) {
        Pattern form = SHOWN.get(place);
        return form != null && form.matcher(value.asText()).matches();
    }
}
