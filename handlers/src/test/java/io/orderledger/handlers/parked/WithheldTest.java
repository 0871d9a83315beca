package io.orderledger.handlers.parked;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.Messages;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WithheldTest {
    private static final String SECRET = "lee.obrien@example.com";

    @Test
    void shows_what_an_order_is_about_and_not_whose_it_is() {
        UUID eventId = UUID.randomUUID();

        String shown = shown(Messages.placement(eventId, Messages.order()));

        assertThat(shown)
                .contains(
                        eventId.toString(),
                        "\"currency\":\"GBP\"",
                        "\"sku\":\"margherita\"",
                        "\"unitPrice\":950",
                        "\"id\":\"lee\"")
                .doesNotContain(
                        "O'Brien", "example.com", "7946", "High Street", "Leeds", "LS1", "ring twice", "user/shop");
    }

    /** Whatever a sender does with the data, nothing of it is shown. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"detail\":{\"eventId\":\"%s\"}}",
                "{\"source\":\"%s\"}",
                "{\"id\":[\"%s\"]}",
                "{\"%s\":1}",
                "{\"detail\":{\"data\":{\"%s\":{\"%s\":\"%s\"}}}}",
                "{\"detail\":{\"data\":{\"currency\":{\"currency\":\"%s\"}}}}",
                "{\"detail\":{\"data\":{\"items\":[{\"sku\":\"%s\"},\"%s\"]}}}",
                "{\"detail\":\"%s\"}",
                "{\"detail\":{\"data\":{\"items\":\"%s\"}}}",
                "{\"failure\":{\"error\":\"%s\",\"cause\":\"%s\"}}",
                "\"%s\"",
                "{\"id\":\"%s\"",
                "{\"detail\":{\"path\":\"POST /orders/%s\"}}"
            })
    void shows_nothing_that_is_not_in_its_place_and_of_its_form(String message) {
        String text = message.replace("%s", SECRET);

        assertThat(Withheld.from(text.getBytes(StandardCharsets.UTF_8)).toString())
                .doesNotContain("lee")
                .containsIgnoringCase("withheld");
    }

    private static String shown(ObjectNode message) {
        return Withheld.from(message.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
