package io.orderledger.projections.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderCursorTest {
    private static final OrderCursor CURSOR = new OrderCursor(
            Instant.parse("2026-03-01T12:00:00.123456Z"), UUID.fromString("0b8d4e4e-6d1c-4f2a-9a53-5d6a2f0f5f11"));

    @Property
    void a_cursor_is_read_as_it_was_written(
            @ForAll @LongRange(min = 0, max = 253_402_300_799_999_999L) long microseconds,
            @ForAll long mostSignificant,
            @ForAll long leastSignificant) {
        OrderCursor cursor = new OrderCursor(
                Instant.EPOCH.plus(microseconds, ChronoUnit.MICROS), new UUID(mostSignificant, leastSignificant));

        assertThat(OrderCursor.parse(cursor.toText())).isEqualTo(cursor);
        assertThat(cursor.toText()).matches("[A-Za-z0-9_-]{34}");
    }

    @Property
    void no_text_makes_it_fail_otherwise_than_by_name(@ForAll String text) {
        try {
            assertThat(OrderCursor.parse(text).toText()).isEqualTo(text);
        } catch (MalformedCursor e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "====", "AQ", "null", "{\"placedAt\":1}"})
    void refuses_what_is_no_cursor(String text) {
        assertMalformed(text);
    }

    @Test
    void refuses_a_cursor_that_was_altered() {
        String text = CURSOR.toText();
        byte[] bytes = Base64.getUrlDecoder().decode(text);

        bytes[0] = 2;
        assertMalformed(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        assertMalformed(text.substring(1));
        assertMalformed(text + "A");
        assertMalformed(text + "==");
        assertMalformed(" " + text);
        // The last character of 25 bytes carries four bits that have to be zero.
        assertMalformed(text.substring(0, text.length() - 1) + (char) (text.charAt(text.length() - 1) + 1));
    }

    private static void assertMalformed(String text) {
        assertThatExceptionOfType(MalformedCursor.class).isThrownBy(() -> OrderCursor.parse(text));
    }
}
