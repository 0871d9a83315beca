package io.orderledger.ledger;

import java.time.Duration;

/** A moment after which no further step is begun. Steps that have begun are not cut short. Immutable. */
public final class Deadline {
    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A deadline this long from now, by the JVM's monotonic clock. */
    public static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** Whether it has passed. */
    public boolean hasPassed() {
        return System.nanoTime() - nanoTime >= 0;
    }
}
