package io.orderledger.benchmarks.workload;

import io.orderledger.benchmarks.workload.OrderEvent.Content;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The endless events of one client: orders are placed, and three in ten of them are cancelled a little later, so that an order has 1.3
 * events. The same seed gives the same events, but for their times. Not thread-safe.
 */
public final class OrderEvents {
    private static final double CANCELLED_SHARE = 0.3;
    private static final int EVENTS_BEFORE_CANCELLATION = 20;

    private final Samples samples;
    private final SplittableRandom random;
    private final Deque<Cancellation> cancellations = new ArrayDeque<>();
    private long events;

    public OrderEvents(Samples samples, long seed) {
        this.samples = samples;
        this.random = new SplittableRandom(seed);
    }

    /** The next event. What is cancelled was placed by the same client, so its placing is stored by then. */
    public OrderEvent next() {
        events++;
        Cancellation due = cancellations.peek();
        if (due != null && due.event() <= events) {
            cancellations.remove();
            return new OrderEvent(uuid(), due.orderId(), 2, any(samples.cancellations()), Instant.now());
        }
        UUID orderId = uuid();
        if (random.nextDouble() < CANCELLED_SHARE) {
            cancellations.add(new Cancellation(events + EVENTS_BEFORE_CANCELLATION, orderId));
        }
        return new OrderEvent(orderId, orderId, 1, any(samples.placements()), Instant.now());
    }

    /** The next events. */
    public List<OrderEvent> next(int count) {
        List<OrderEvent> batch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            batch.add(next());
        }
        return batch;
    }

    private Content any(List<Content> contents) {
        return contents.get(random.nextInt(contents.size()));
    }

    /** A random UUID (version 4), as clients draw their keys. */
    private UUID uuid() {
        return new UUID(
                (random.nextLong() & ~0xF000L) | 0x4000L,
                (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | Long.MIN_VALUE);
    }

    private record Cancellation(long event, UUID orderId) {}
}
