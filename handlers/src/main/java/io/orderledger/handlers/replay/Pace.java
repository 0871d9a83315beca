package io.orderledger.handlers.replay;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Keeps work from going faster than so many times a second, evenly and without saving up for a burst. Not thread-safe. */
final class Pace {
    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final long intervalNanos;
    private final LongSupplier clock;
    private final Sleeper sleeper;
    private long next;
    private boolean begun;

    /** Lets time pass. */
    interface Sleeper {
        void sleep(Duration duration) throws InterruptedException;
    }

    Pace(long intervalNanos, LongSupplier clock, Sleeper sleeper) {
        this.intervalNanos = intervalNanos;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** As fast as it goes. */
    static Pace unlimited() {
        return new Pace(0, System::nanoTime, Thread::sleep);
    }

    static Pace perSecond(int times) {
        return perSecond(times, System::nanoTime, Thread::sleep);
    }

    static Pace perSecond(int times, LongSupplier clock, Sleeper sleeper) {
        return new Pace(NANOS_PER_SECOND / times, clock, sleeper);
    }

    /**
     * Waits until the next one may begin.
     *
     * @return false if the thread was interrupted; it is still marked so
     */
    boolean await() {
        long now = clock.getAsLong();
        if (begun && next - now > 0) {
            try {
                sleeper.sleep(Duration.ofNanos(next - now));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            now = Math.max(next, now);
        }
        begun = true;
        next = now + intervalNanos;
        return true;
    }
}
