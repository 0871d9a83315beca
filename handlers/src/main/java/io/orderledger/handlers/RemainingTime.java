package io.orderledger.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import io.orderledger.ledger.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long the invocation may still take. Lambda ends a function that takes longer, in the middle of whatever it does, and throws its
 * environment away; so work is only begun while there is time for it.
 *
 * <p>Immutable; every answer is of the moment.
 */
public final class RemainingTime {
    private final LongSupplier milliseconds;

    RemainingTime(LongSupplier milliseconds) {
        this.milliseconds = milliseconds;
    }

    /** What Lambda says is left of the invocation. */
    public static RemainingTime of(Context context) {
        return new RemainingTime(context::getRemainingTimeInMillis);
    }

    /** For work outside of an invocation: so much from now on. */
    public static RemainingTime lasting(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        return new RemainingTime(() -> TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
    }

    /** What is left; zero when it is over. */
    public Duration left() {
        return Duration.ofMillis(Math.max(0, milliseconds.getAsLong()));
    }

    /** What is left when an amount is kept back for what comes afterwards; zero when nothing is. */
    public Duration leftAfter(Duration reserve) {
        Duration left = left().minus(reserve);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * When optional work has to come to its end: at a limit of its own, or when only the reserve is left. By the invocation's own clock, so
     * that it passes as what is left of the invocation does.
     */
    public Deadline deadline(Duration limit, Duration reserve) {
        Duration left = leftAfter(reserve);
        return Deadline.after(
                left.compareTo(limit) < 0 ? left : limit,
                () -> -TimeUnit.MILLISECONDS.toNanos(milliseconds.getAsLong()));
    }
}
