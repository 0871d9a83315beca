package io.orderledger.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks for a sample of the accepted orders in the list until they are there, and times that from when they were due. Thread-safe.
 */
final class Listing implements OpenLoop.Observer {
    /** So often an order is looked for, which is how exact the times are. */
    static final Duration INTERVAL = Duration.ofMillis(20);

    /** Who is not there by then is looked for less often: the time is long anyway, and looking is work, too. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final Duration LATER_INTERVAL = Duration.ofMillis(250);
    private static final Duration GIVEN_UP_AFTER = Duration.ofMinutes(5);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Looking looking;
    private final long every;
    private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lookedFor = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();

    /** Finds an order by its number. */
    @FunctionalInterface
    interface Looking {
        boolean isListed(long number) throws InterruptedException;
    }

    private record Seen(long dueNanos, long afterNanos) {}

    /**
     * Begins.
     *
     * @param every one order of so many is looked for
     */
    Listing(Looking looking, long every) {
        this.looking = looking;
        this.every = every;
    }

    @Override
    public void accepted(long number, long dueNanos) {
        if (number % every == 0) {
            lookedFor.incrementAndGet();
            Thread.startVirtualThread(() -> look(number, dueNanos));
        }
    }

    private void look(long number, long dueNanos) {
        try {
            while (!looking.isListed(number)) {
                long waited = System.nanoTime() - dueNanos;
                if (waited > GIVEN_UP_AFTER.toNanos()) {
                    givenUp.incrementAndGet();
                    return;
                }
                Thread.sleep(waited < SOON.toNanos() ? INTERVAL : LATER_INTERVAL);
            }
            seen.add(new Seen(dueNanos, System.nanoTime() - dueNanos));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lookedFor.decrementAndGet();
        }
    }

    /** Whether somebody is still looked for. */
    boolean isUnderWay() {
        return lookedFor.get() > 0;
    }

    /** How many were not there after five minutes. */
    int givenUp() {
        return givenUp.get();
    }

    Percentiles all() {
        return between(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Of orders that were due within a time, by {@link System#nanoTime}. */
    Percentiles between(long fromNanos, long toNanos) {
        return Percentiles.of(seen.stream()
                .filter(order -> order.dueNanos >= fromNanos && order.dueNanos < toNanos)
                .mapToDouble(order -> order.afterNanos / NANOS_PER_MILLI)
                .toArray());
    }
}
