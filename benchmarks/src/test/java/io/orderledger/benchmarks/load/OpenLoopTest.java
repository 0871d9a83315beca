package io.orderledger.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

    @Test
    void sends_each_order_once_and_tells_of_those_that_were_accepted() throws InterruptedException {
        Set<Long> sent = ConcurrentHashMap.newKeySet();
        Set<Long> accepted = ConcurrentHashMap.newKeySet();
        OpenLoop loop = new OpenLoop(
                number -> {
                    assertThat(sent.add(number)).isTrue();
                    return number % 4 == 0 ? 503 : 200;
                },
                100);

        Recording recording = loop.run(2_000, Duration.ofMillis(100), (number, due) -> accepted.add(number));

        assertThat(recording.requests()).isEqualTo(200);
        assertThat(recording.byStatus()).isEqualTo(Map.of(200, 150L, 503, 50L));
        assertThat(new TreeSet<>(sent)).hasSize(200).startsWith(100L).endsWith(299L);
        assertThat(accepted).hasSize(150);
        assertThat(loop.next()).isEqualTo(300);
        Set<Long> recorded = ConcurrentHashMap.newKeySet();
        recording.forEachAccepted(recorded::add);
        assertThat(recorded).isEqualTo(accepted);
    }

    /** A server that stands still for a while lets all wait that are due meanwhile, whether they could be sent or not. */
    @Test
    void counts_the_wait_of_what_could_not_even_be_sent() throws InterruptedException {
        AtomicInteger underWay = new AtomicInteger();
        CountDownLatch goOn = new CountDownLatch(1);
        // The loop has no more than a thousand requests under way; the others wait here, and late is late.
        int requests = 1_500;
        OpenLoop loop = new OpenLoop(
                number -> {
                    if (underWay.incrementAndGet() == 1_000) {
                        Thread.sleep(Duration.ofMillis(300));
                        goOn.countDown();
                    }
                    goOn.await();
                    return 200;
                },
                0);

        Recording recording = loop.run(requests * 20.0, Duration.ofMillis(50), (number, due) -> {});

        assertThat(recording.requests()).isEqualTo(requests);
        Percentiles latency = recording.latency();
        assertThat(latency.count()).isEqualTo(requests);
        assertThat(latency.p50()).isGreaterThan(250);
        // The last ones were due some 50 ms after the first, were sent only when others had their answers, and waited
        // all the same.
        assertThat(recording.latencyBetween(0.04, 0.05).p50()).isGreaterThan(200);
    }

    @Test
    void goes_to_the_highest_rate_that_is_sustained() throws InterruptedException {
        for (double capacity : List.of(7.0, 61.0, 300.0, 4_999.0)) {
            double found = HighestRate.find(60, 6_000, rate -> rate <= capacity, rate -> rate <= capacity);
            assertThat(found).isBetween(capacity * 0.9, capacity);
        }
        assertThat(HighestRate.find(60, 6_000, rate -> true, rate -> rate <= 100))
                .isLessThanOrEqualTo(100)
                .isGreaterThan(90);
    }

    @Test
    void numbers_orders_so_that_each_has_an_id_of_its_own() {
        NumberedOrders orders = NumberedOrders.of(Path.of("..", "sam", "samples", "orders.ndjson"), 17);
        Set<Object> ids = ConcurrentHashMap.newKeySet();
        for (long number = 0; number < 100_000; number++) {
            ids.add(orders.id(number));
        }
        assertThat(ids).hasSize(100_000);
        assertThat(orders.id(5)).isEqualTo(orders.id(5));
        assertThat(orders.id(5).version()).isEqualTo(4);
        assertThat(orders.body(3)).isEqualTo(orders.body(3)).contains("\"items\"");
        assertThat(orders.detail(3, 1_800_000_000_000L))
                .contains(orders.body(3))
                .contains(orders.id(3).toString());
    }
}
