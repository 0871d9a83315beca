package io.orderledger.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrderEventsTest {
    private static final Samples SAMPLES = Samples.in(Path.of("../sam/samples/orders.ndjson"));
    private static final int MANY = 20_000;

    @Test
    void versions_of_an_order_count_up_from_1() {
        Map<UUID, Integer> versions = new HashMap<>();
        for (OrderEvent event : new OrderEvents(SAMPLES, 1).next(MANY)) {
            assertThat(event.version()).isEqualTo(versions.merge(event.streamId(), 1, Integer::sum));
        }
        assertThat((double) MANY / versions.size()).isCloseTo(1.3, withPercentage(2));
    }

    @Test
    void the_same_seed_gives_the_same_events_and_another_one_other_events() {
        List<UUID> events = ids(new OrderEvents(SAMPLES, 1));

        assertThat(ids(new OrderEvents(SAMPLES, 1))).isEqualTo(events);
        assertThat(ids(new OrderEvents(SAMPLES, 2))).doesNotContainAnyElementsOf(events);
        assertThat(events).doesNotHaveDuplicates();
    }

    @Test
    void nothing_personal_is_in_the_payload() {
        assertThat(SAMPLES.placements()).isNotEmpty().allSatisfy(placement -> {
            assertThat(placement.payload().fieldNames())
                    .toIterable()
                    .contains("customer", "currency", "items")
                    .isSubsetOf("customer", "currency", "items", "channel");
            assertThat(placement.payload().get("customer").fieldNames())
                    .toIterable()
                    .containsExactly("id");
            assertThat(placement.personalData().orElseThrow().has("principal")).isTrue();
        });
        assertThat(SAMPLES.placements())
                .anySatisfy(placement -> assertThat(placement
                                .personalData()
                                .orElseThrow()
                                .path("customer")
                                .has("name"))
                        .isTrue());
        assertThat(SAMPLES.cancellations())
                .isNotEmpty()
                .allSatisfy(cancellation -> assertThat(cancellation.payload()).isEmpty());
    }

    private static List<UUID> ids(OrderEvents events) {
        return events.next(100).stream().map(OrderEvent::eventId).toList();
    }
}
