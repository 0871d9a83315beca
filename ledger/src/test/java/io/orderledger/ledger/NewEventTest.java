package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewEventTest {
    private final NewEvent event = TestEvents.placing();

    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\0b", "\uD83C", "\uDF55", "\uDF55\uD83C", "ok \uD83C\uDF55 \uD83C not"})
    void refuses_text_that_cannot_be_stored_wherever_it_is(String text) {
        ObjectNode inArray = json("{'items':[{'sku':[]}]}");
        inArray.withArray("items").addArray().addObject().put("name", text);

        assertUnstorable(() -> TestEvents.withType(event, text));
        assertUnstorable(() -> TestEvents.withPayload(event, inArray));
        assertUnstorable(() -> TestEvents.withPayload(event, json("{}").put(text, 1)));
        assertUnstorable(() -> TestEvents.withMetadata(event, json("{}").put("path", text)));
        assertUnstorable(
                () -> TestEvents.withPersonalData(event, Optional.of(json("{}").put("notes", text))));
    }

    private void assertUnstorable(Runnable construction) {
        assertThatExceptionOfType(UnstorableText.class)
                .isThrownBy(construction::run)
                .satisfies(refusal -> assertThat(refusal.eventId()).isEqualTo(event.eventId()));
    }

    @Test
    void refuses_what_no_event_can_be() {
        assertThatIllegalArgumentException().isThrownBy(() -> TestEvents.withType(event, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> TestEvents.withSchemaVersion(event, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestEvents.withOccurredAt(event, NewEvent.EARLIEST.minusNanos(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> TestEvents.withOccurredAt(event, Instant.MAX));
    }

    @Test
    void does_not_change_with_the_json_that_it_was_made_of() {
        ObjectNode payload = json("{'currency':'GBP'}");
        NewEvent made = TestEvents.withPayload(event, payload);

        payload.put("currency", "EUR");

        assertThat(made.payload()).isEqualTo(json("{'currency':'GBP'}"));
    }

    @Test
    void tells_nothing_of_its_content() {
        assertThat(event.toString())
                .contains(event.eventId().toString(), event.streamId().toString())
                .doesNotContain("lee", "Brien", "ring");
    }
}
