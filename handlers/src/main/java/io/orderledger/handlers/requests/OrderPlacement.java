package io.orderledger.handlers.requests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The body of {@code POST /orders}. The API's models state the same rules, but not every rule survives their import into API Gateway,
 * and messages come on other ways too: here is where a rule is certain to be kept.
 *
 * <p>A body that keeps all of them has less than 200 KB, so its size needs no rule of its own.
 */
final class OrderPlacement {
    private static final int MAX_ITEMS = 100;
    private static final int MAX_QUANTITY = 1_000;
    private static final int MAX_UNIT_PRICE_MINOR_UNITS = 100_000_000;
    private static final int MAX_SKU_CODE_POINTS = 100;
    private static final int MAX_NAME_CODE_POINTS = 200;
    private static final int MAX_TEXT_CODE_POINTS = 500;
    private static final int MAX_NOTES_CODE_POINTS = 2_000;

    private static final Pattern CUSTOMER_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

    /** The version that brought the channel. */
    private static final int CHANNEL_SINCE = 2;

    private static final List<String> CHANNELS =
            List.of("WEB", "APP", "PHONE", "STORE", "PARTNER", "OTHER", "UNSPECIFIED");

    /** Belongs to the version as the list does: with another default a message that is read again would be another event. */
    private static final String DEFAULT_CHANNEL = "UNSPECIFIED";

    private static final Set<String> CUSTOMER_PERSONAL = Set.of("name", "phone", "email");
    private static final List<String> ADDRESS_TEXTS = List.of("line1", "line2", "city", "region", "postalCode");

    private OrderPlacement() {}

    /** Reads the body; whatever does not fit is added to the problems, and then the content is of no use. */
    static Content read(ObjectFields data, int schemaVersion, Optional<String> principal) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        ObjectNode personal = Content.personalData(principal);
        data.requiredObject("customer").ifPresent(customer -> readCustomer(customer, payload, personal));
        data.object("deliveryAddress").ifPresent(address -> personal.set("deliveryAddress", readAddress(address)));
        if (schemaVersion >= CHANNEL_SINCE) {
            payload.put("channel", data.oneOf("channel", CHANNELS).orElse(DEFAULT_CHANNEL));
        }
        data.requiredFormed("currency", CURRENCY, "must be three capital letters, as in ISO 4217")
                .ifPresent(currency -> payload.put("currency", currency));
        ArrayNode items = payload.putArray("items");
        data.requiredObjects("items", 1, MAX_ITEMS).forEach(item -> items.add(readItem(item)));
        data.text("notes", MAX_NOTES_CODE_POINTS).ifPresent(notes -> personal.put("notes", notes));
        data.refuseUnknown();
        return Content.of(payload, personal);
    }

    private static void readCustomer(ObjectFields customer, ObjectNode payload, ObjectNode personal) {
        customer.requiredFormed("id", CUSTOMER_ID, "must be 1 to 64 letters, digits, dots, underscores or hyphens")
                .ifPresent(id -> payload.putObject("customer").put("id", id));
        customer.text("name", MAX_NAME_CODE_POINTS);
        customer.text("phone", MAX_TEXT_CODE_POINTS);
        customer.text("email", MAX_TEXT_CODE_POINTS);
        customer.refuseUnknown();
        ObjectNode erasable = customer.only(CUSTOMER_PERSONAL);
        if (!erasable.isEmpty()) {
            personal.set("customer", erasable);
        }
    }

    private static ObjectNode readAddress(ObjectFields address) {
        ADDRESS_TEXTS.forEach(name -> address.text(name, MAX_TEXT_CODE_POINTS));
        address.formed("country", COUNTRY, "must be two capital letters, as in ISO 3166-1");
        address.refuseUnknown();
        return address.all();
    }

    private static ObjectNode readItem(ObjectFields item) {
        item.requiredText("sku", 1, MAX_SKU_CODE_POINTS);
        item.text("name", MAX_NAME_CODE_POINTS);
        item.requiredInteger("quantity", 1, MAX_QUANTITY);
        item.requiredInteger("unitPrice", 0, MAX_UNIT_PRICE_MINOR_UNITS);
        item.refuseUnknown();
        return item.all();
    }
}
