package io.orderledger.handlers.announce;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.ledger.publication.Place;
import io.orderledger.ledger.publication.SealedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CallsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.5Z");

    @Property(tries = 200)
    void a_call_keeps_every_limit_and_no_event_is_moved_or_left_out(
            @ForAll @Size(max = 60) List<@IntRange(max = 200) Integer> kilobytes,
            @ForAll @IntRange(min = 1, max = 20) int orders) {
        List<UUID> ids =
                IntStream.range(0, orders).mapToObj(order -> new UUID(0, order)).toList();
        List<Announcement> all = new ArrayList<>();
        for (int i = 0; i < kilobytes.size(); i++) {
            all.add(Announcement.of(event(ids.get(i * 7 % orders), payload(kilobytes.get(i) * 1024))));
        }

        List<List<Announcement>> calls = Calls.of(all);

        assertThat(calls.stream().flatMap(Collection::stream)).containsExactlyElementsOf(all);
        assertThat(calls).allSatisfy(call -> {
            assertThat(call).hasSizeBetween(1, 10);
            assertThat(call.stream().mapToInt(Announcement::sizeBytes).sum()).isLessThanOrEqualTo(256 * 1024);
            assertThat(call.stream().map(each -> each.event().orderId())).doesNotHaveDuplicates();
        });
    }

    @Test
    void calls_are_filled() {
        List<Announcement> all = IntStream.range(0, 25)
                .mapToObj(i -> Announcement.of(event(UUID.randomUUID(), "{}")))
                .toList();

        assertThat(Calls.of(all)).extracting(List::size).containsExactly(10, 10, 5);
        assertThat(Calls.of(List.of())).isEmpty();
    }

    @Test
    void a_payload_that_fits_is_sent_as_it_was_recorded_and_its_bytes_count() {
        Announcement announcement = Announcement.of(event(UUID.randomUUID(), "{\"amount\": 1.10, \"name\": \"Zoë\"}"));

        assertThat(announcement.detail()).contains("\"payload\":{\"amount\": 1.10, \"name\": \"Zoë\"}");
        assertThat(announcement.sizeBytes())
                .isEqualTo(announcement.detail().getBytes(StandardCharsets.UTF_8).length
                        + "order-ledger.ledger".length()
                        + "OrderRecorded".length());
    }

    @Test
    void a_payload_that_does_not_fit_is_left_out_and_the_way_to_it_said() {
        UUID order = UUID.randomUUID();
        int headBytes = Announcement.of(event(order, "{}")).sizeBytes() - 2;
        int most = Announcement.MAX_ENTRY_SIZE_BYTES - headBytes;

        assertThat(Announcement.of(event(order, payload(most))).detail()).contains("\"payload\":");
        Announcement without = Announcement.of(event(order, payload(most + 1)));

        assertThat(without.detail())
                .doesNotContain("\"payload\":")
                .contains("\"payloadOmitted\":{\"sizeBytes\":" + (most + 1) + ",\"path\":\"/orders/" + order
                        + "/history\"}");
        assertThat(without.sizeBytes()).isLessThan(1_000);
    }

    @Test
    void nothing_of_an_announcement_gets_into_a_log() {
        Announcement announcement = Announcement.of(event(UUID.randomUUID(), "{\"customer\": {\"id\": \"lee\"}}"));

        assertThat(announcement.toString()).doesNotContain("lee", "customer");
    }

    /** JSON of exactly so many bytes, or of the fewest. */
    private static String payload(int bytes) {
        return "{\"x\":\"" + "x".repeat(Math.max(0, bytes - 8)) + "\"}";
    }

    private static SealedEvent event(UUID order, String payload) {
        return new SealedEvent(
                UUID.randomUUID(), order, "OrderPlaced", (short) 2, 1, 7, 3, payload, NOON, NOON, new Place(3, 0));
    }
}
