package io.orderledger.local.bus;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The delays between attempts to deliver to a target. EventBridge says only that they grow exponentially with jitter, for
 * up to 24 hours and 185 retries. These begin at a second and double up to eight minutes, so that 185 of them fill a day.
 */
final class TargetRetries {

    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(8);
    private static final int DOUBLINGS_LIMIT = 9;

    private TargetRetries() {}

    /**
     * The delay before a retry: between half and the whole of what doubling gives.
     *
     * @param retriesDone how many retries there were before, from 0
     */
    static Duration delay(int retriesDone, RandomGenerator random) {
        Duration doubled = FIRST_DELAY.multipliedBy(1L << Math.min(retriesDone, DOUBLINGS_LIMIT));
        Duration longest = doubled.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : doubled;
        return Duration.ofNanos(random.nextLong(longest.toNanos() / 2, longest.toNanos() + 1));
    }
}
