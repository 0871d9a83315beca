package io.orderledger.handlers.requests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.Messages;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RefusedOrdersTest {
    /** A value that breaks a rule of the field at a place. */
    record Mistake(String pointer, String rawValue, String field) {}

    @Property(tries = 500)
    void one_mistake_in_any_order_is_refused_by_the_fields_name(
            @ForAll("orders") ObjectNode order, @ForAll("mistakes") Mistake mistake) {
        String message = Json.with(
                Messages.placement(UUID.randomUUID(), order).toString(),
                "/detail/data" + mistake.pointer(),
                mistake.rawValue());

        Reading reading = RequestReader.read(
                message.getBytes(StandardCharsets.UTF_8), EnumSet.of(RequestKind.PLACEMENT), Optional.empty());

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Invalid.class,
                        invalid -> assertThat(invalid.problems())
                                .extracting(Problem::field)
                                .containsExactly(mistake.field()));
    }

    @Property(tries = 500)
    void every_order_that_keeps_the_rules_is_taken(@ForAll("orders") ObjectNode order) {
        byte[] message = Messages.placement(UUID.randomUUID(), order).toString().getBytes(StandardCharsets.UTF_8);

        assertThat(RequestReader.read(message, EnumSet.of(RequestKind.PLACEMENT), Optional.empty()))
                .isInstanceOf(Reading.Valid.class);
    }

    @Provide
    Arbitrary<ObjectNode> orders() {
        return Orders.valid();
    }

    @Provide
    Arbitrary<Mistake> mistakes() {
        Arbitrary<String> notText =
                Arbitraries.of("null", "1", "true", "[]", "{}", "\"\\u0000\"", "\"x\\ud800\"", "\"\\udfff\"");
        Arbitrary<String> notQuantity = Arbitraries.of(
                "null", "\"1\"", "0", "-1", "1001", "1.0", "1e0", "0.5", "true", "99999999999999999999", "[1]");
        Arbitrary<String> notPrice =
                Arbitraries.of("null", "\"1\"", "-1", "100000001", "1.5", "1e2", "false", "99999999999999999999");
        return Arbitraries.oneOf(
                notText.map(value -> new Mistake("/notes", value, "notes")),
                notText.map(value -> new Mistake("/currency", value, "currency")),
                notText.map(value -> new Mistake("/customer/id", value, "customer.id")),
                notText.map(value -> new Mistake("/customer/email", value, "customer.email")),
                notText.map(value -> new Mistake("/items/0/sku", value, "items[0].sku")),
                notQuantity.map(value -> new Mistake("/items/0/quantity", value, "items[0].quantity")),
                notPrice.map(value -> new Mistake("/items/0/unitPrice", value, "items[0].unitPrice")),
                tooLong(2_000).map(value -> new Mistake("/notes", value, "notes")),
                tooLong(200).map(value -> new Mistake("/customer/name", value, "customer.name")),
                tooLong(500).map(value -> new Mistake("/customer/phone", value, "customer.phone")),
                tooLong(100).map(value -> new Mistake("/items/0/sku", value, "items[0].sku")),
                Arbitraries.strings()
                        .alpha()
                        .ofMinLength(1)
                        .ofMaxLength(20)
                        .map(name -> "x_" + name)
                        .map(name -> new Mistake("/items/0/" + name, "1", "items[0]." + name)));
    }

    private static Arbitrary<String> tooLong(int maxCodePoints) {
        return Arbitraries.of("x", "é", "🍕").map(character -> "\"" + character.repeat(maxCodePoints + 1) + "\"");
    }
}
