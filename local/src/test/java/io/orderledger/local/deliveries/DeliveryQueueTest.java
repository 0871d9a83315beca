package io.orderledger.local.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.orderledger.local.storage.MapFileUnusable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryQueueTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    @Test
    void attempts_everything_that_was_added() {
        var seen = new ConcurrentLinkedQueue<String>();
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 1000, 4, CLOCK)) {
            queue.start(delivery -> {
                seen.add(new String(delivery.payload(), UTF_8));
                return Outcome.DONE;
            });
            queue.add(IntStream.range(0, 200)
                    .mapToObj(DeliveryQueueTest::delivery)
                    .toList());

            await().atMost(PATIENCE).until(() -> queue.size() == 0);
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 200).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    void remembers_attempts_answers_and_the_time_of_acceptance_across_restarts() {
        Instant accepted = Instant.ofEpochMilli(1_700_000_000_123L);
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 10, 4, CLOCK)) {
            var attempts = new AtomicInteger();
            queue.start(delivery -> {
                attempts.incrementAndGet();
                return new Outcome.Again(
                        delivery.failed("why".getBytes(UTF_8)).deferred("why".getBytes(UTF_8)), Duration.ZERO);
            });
            queue.add(List.of(Delivery.fresh("d", "id", "p".getBytes(UTF_8), accepted)));
            await().atMost(PATIENCE).until(() -> attempts.get() >= 3);
        }
        var found = new ConcurrentLinkedQueue<Delivery>();
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 10, 4, CLOCK)) {
            assertThat(queue.size()).isEqualTo(1);
            queue.start(delivery -> {
                found.add(delivery);
                return Outcome.DONE;
            });
            await().atMost(PATIENCE).until(() -> queue.size() == 0);
        }
        assertThat(found).singleElement().satisfies(delivery -> {
            assertThat(delivery.attempts()).isGreaterThanOrEqualTo(3).isEqualTo(delivery.deferrals());
            assertThat(delivery.acceptedAt()).isEqualTo(accepted);
            assertThat(delivery.destination()).isEqualTo("d");
            assertThat(delivery.id()).isEqualTo("id");
            assertThat(new String(delivery.payload(), UTF_8)).isEqualTo("p");
            assertThat(new String(delivery.lastAnswer(), UTF_8)).isEqualTo("why");
        });
    }

    @Test
    void waits_as_long_as_it_was_told_before_the_next_attempt() {
        var times = new ConcurrentLinkedQueue<Instant>();
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 10, 4, CLOCK)) {
            queue.start(delivery -> {
                times.add(CLOCK.instant());
                return delivery.attempts() == 1
                        ? Outcome.DONE
                        : new Outcome.Again(delivery.failed(new byte[0]), Duration.ofMillis(400));
            });
            queue.add(List.of(delivery(1)));
            await().atMost(PATIENCE).until(() -> queue.size() == 0);
        }
        List<Instant> both = List.copyOf(times);
        assertThat(both).hasSize(2);
        assertThat(Duration.between(both.get(0), both.get(1))).isGreaterThanOrEqualTo(Duration.ofMillis(399));
    }

    @Test
    void tries_again_where_the_attempt_itself_breaks() {
        var attempts = new AtomicInteger();
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 10, 4, CLOCK)) {
            queue.start(delivery -> {
                if (attempts.incrementAndGet() == 1) {
                    throw new IllegalStateException("the dead-letter queue does not answer");
                }
                assertThat(delivery.attempts()).isZero();
                return Outcome.DONE;
            });
            queue.add(List.of(delivery(1)));
            await().atMost(PATIENCE).until(() -> queue.size() == 0);
        }
        assertThat(attempts.get()).isEqualTo(2);
    }

    @Test
    void never_runs_more_attempts_at_once_than_it_may() {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var open = new CountDownLatch(1);
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 100, 3, CLOCK)) {
            queue.start(_ -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                open.await();
                now.decrementAndGet();
                return Outcome.DONE;
            });
            queue.add(
                    IntStream.range(0, 50).mapToObj(DeliveryQueueTest::delivery).toList());
            await().atMost(PATIENCE).until(() -> now.get() == 3);
            open.countDown();
            await().atMost(PATIENCE).until(() -> queue.size() == 0);
        }
        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void refuses_as_a_whole_what_would_exceed_its_limit() {
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 3, 1, CLOCK)) {
            queue.add(List.of(delivery(1), delivery(2)));
            assertThatThrownBy(() -> queue.add(List.of(delivery(3), delivery(4))))
                    .isInstanceOf(DeliveryQueueFull.class);
            assertThat(queue.size()).isEqualTo(2);
            queue.add(List.of(delivery(5)));
        }
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 3, 1, CLOCK)) {
            assertThat(queue.size()).isEqualTo(3);
        }
    }

    @Test
    void keeps_what_was_under_way_when_it_was_closed() {
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 10, 1, CLOCK)) {
            var begun = new CountDownLatch(1);
            queue.start(_ -> {
                begun.countDown();
                new CountDownLatch(1).await();
                return Outcome.DONE;
            });
            queue.add(List.of(delivery(1)));
            await().atMost(PATIENCE).until(() -> begun.getCount() == 0);
        }
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 10, 1, CLOCK)) {
            assertThat(queue.size()).isEqualTo(1);
        }
    }

    @Test
    void does_not_wait_longer_because_the_clock_was_put_back() {
        var offset = new AtomicReference<>(Duration.ofHours(1));
        InstantSource clock = () -> CLOCK.instant().plus(offset.get());
        var attempts = new AtomicInteger();
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 10, 1, clock)) {
            queue.start(delivery -> {
                // From now on it is an hour earlier, for all that follows.
                offset.set(Duration.ZERO);
                return attempts.incrementAndGet() == 3
                        ? Outcome.DONE
                        : new Outcome.Again(delivery.failed(new byte[0]), Duration.ofMillis(10));
            });
            queue.add(List.of(delivery(1), delivery(2)));
            await().atMost(PATIENCE).until(() -> attempts.get() >= 4);
        }
    }

    @Test
    void does_not_wait_longer_after_a_restart_with_a_clock_that_was_put_back() {
        InstantSource ahead = () -> CLOCK.instant().plus(Duration.ofHours(1));
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 10, 1, ahead)) {
            queue.add(List.of(delivery(1)));
        }
        var attempted = new CountDownLatch(1);
        try (DeliveryStore store = DeliveryStore.open(folder);
                DeliveryQueue queue = store.queue("q", 10, 1, CLOCK)) {
            queue.start(delivery -> {
                attempted.countDown();
                return Outcome.DONE;
            });
            await().atMost(PATIENCE).until(() -> attempted.getCount() == 0);
        }
    }

    @Test
    void does_not_count_what_it_could_not_store() {
        DeliveryStore store = DeliveryStore.open(folder);
        try (DeliveryQueue queue = store.queue("q", 10, 1, CLOCK)) {
            store.close();
            assertThat(store.isUsable()).isFalse();
            assertThatThrownBy(() -> queue.add(List.of(delivery(1)))).isInstanceOf(MapFileUnusable.class);
            assertThat(queue.size()).isZero();
        }
    }

    private static Delivery delivery(int number) {
        return Delivery.fresh("d", "id-" + number, Integer.toString(number).getBytes(UTF_8), CLOCK.instant());
    }
}
