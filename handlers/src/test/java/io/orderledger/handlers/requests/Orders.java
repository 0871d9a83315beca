package io.orderledger.handlers.requests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.Messages;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Orders that keep every rule, with texts that trip whoever takes them for anything but text. */
final class Orders {
    private static final List<String> HOSTILE = List.of(
            "'",
            "\"",
            "\\",
            "\\'",
            "\\u0000",
            "\n",
            "\r\n",
            "\t",
            "\b",
            "\u001f",
            "\u007f",
            "\u0085",
            "\u2028",
            "\u2029",
            "\u200b",
            "\u202e",
            "\ufeff",
            "\ufffe",
            "\uffff",
            "\ufffd",
            "e\u0301",
            "\u00e9",
            "🍕",
            "👩‍👩‍👧",
            "\ud83c\udff4",
            "\udbff\udfff",
            "شكرا",
            "北京市",
            "ﬁ",
            "ß",
            "İ",
            "$util.escapeJavaScript",
            "#set($a=1)",
            "${x}",
            "$!{x}",
            "#end",
            "{{",
            "}}",
            "%s",
            "%00",
            "&#0;",
            "<script>",
            "'; drop table ledger.event; --",
            "null",
            "true",
            "0",
            " ",
            "");

    private Orders() {}

    static Arbitrary<ObjectNode> valid() {
        return Combinators.combine(
                        customers(),
                        addresses().optional(),
                        Arbitraries.of("WEB", "APP", "PHONE", "STORE", "PARTNER", "OTHER", "UNSPECIFIED"),
                        currencies(),
                        items(),
                        texts(2_000).optional())
                .as((customer, address, channel, currency, items, notes) -> {
                    ObjectNode order = Messages.JSON.createObjectNode();
                    order.set("customer", customer);
                    address.ifPresent(value -> order.set("deliveryAddress", value));
                    order.put("channel", channel).put("currency", currency);
                    order.putArray("items").addAll(items);
                    notes.ifPresent(value -> order.put("notes", value));
                    return order;
                });
    }

    /** Texts of at most so many code points. */
    static Arbitrary<String> texts(int maxCodePoints) {
        Arbitrary<String> pieces = Arbitraries.oneOf(
                Arbitraries.of(HOSTILE), Arbitraries.strings().ofMaxLength(8).filter(Orders::isStorable));
        return pieces.list()
                .ofMaxSize(12)
                .map(list -> String.join("", list))
                .map(text -> text.substring(
                        0, text.offsetByCodePoints(0, Math.min(maxCodePoints, text.codePointCount(0, text.length())))))
                .filter(Orders::isStorable);
    }

    private static Arbitrary<ObjectNode> customers() {
        return Combinators.combine(
                        ids(),
                        texts(200).optional(),
                        texts(500).optional(),
                        texts(500).optional())
                .as((id, name, phone, email) -> {
                    ObjectNode customer = Messages.JSON.createObjectNode().put("id", id);
                    put(customer, "name", name);
                    put(customer, "phone", phone);
                    put(customer, "email", email);
                    return customer;
                });
    }

    private static Arbitrary<ObjectNode> addresses() {
        return Combinators.combine(
                        texts(500).optional(), texts(500).optional(), letters(2).optional())
                .as((line1, city, country) -> {
                    ObjectNode address = Messages.JSON.createObjectNode();
                    put(address, "line1", line1);
                    put(address, "city", city);
                    put(address, "country", country);
                    return address;
                });
    }

    private static Arbitrary<List<ObjectNode>> items() {
        Arbitrary<ObjectNode> item = Combinators.combine(
                        texts(100).filter(sku -> !sku.isEmpty()),
                        texts(200).optional(),
                        Arbitraries.integers().between(1, 1_000),
                        Arbitraries.integers().between(0, 100_000_000))
                .as((sku, name, quantity, unitPrice) -> {
                    ObjectNode built = Messages.JSON.createObjectNode().put("sku", sku);
                    put(built, "name", name);
                    return built.put("quantity", quantity).put("unitPrice", unitPrice);
                });
        return item.list().ofMinSize(1).ofMaxSize(5);
    }

    private static Arbitrary<String> ids() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withCharRange('0', '9')
                .withChars("._-")
                .ofMinLength(1)
                .ofMaxLength(64);
    }

    private static Arbitrary<String> currencies() {
        return letters(3);
    }

    private static Arbitrary<String> letters(int length) {
        return Arbitraries.strings().withCharRange('A', 'Z').ofLength(length);
    }

    private static void put(ObjectNode object, String name, Optional<String> value) {
        value.ifPresent(text -> object.put(name, text));
    }

    private static boolean isStorable(String text) {
        return text.codePoints().noneMatch(codePoint -> codePoint == 0 || (codePoint >= 0xD800 && codePoint <= 0xDFFF));
    }
}
