package io.orderledger.ledger;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A moment after which no further step is begun. Steps that have begun are not cut short. Immutable. */
public final class Deadline {
    private final long nanoTime;
    private final LongSupplier clock;

    private Deadline(long nanoTime, LongSupplier clock) {
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /** A deadline this long from now, by the JVM's monotonic clock. */
    public static Deadline after(Duration duration) {
        return after(duration, System::nanoTime);
    }

    /**
     * A deadline this long from now, by somebody else's clock.
     *
     * @param monotonicClock nanoseconds since any moment, as {@link System#nanoTime} counts them; asked at each {@link #hasPassed}
     */
    public static Deadline after(Duration duration, LongSupplier monotonicClock) {
        return new Deadline(monotonicClock.getAsLong() + duration.toNanos(), monotonicClock);
    }

    /** Whether it has passed. */
    public boolean hasPassed() {
        return clock.getAsLong() - nanoTime >= 0;
    }
}
