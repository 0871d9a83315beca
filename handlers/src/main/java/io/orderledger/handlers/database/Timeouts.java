package io.orderledger.handlers.database;

import io.orderledger.handlers.RemainingTime;
import java.time.Duration;

/**
 * How long to wait for the network. The driver's query timeouts would not do: they cancel by a request that RDS Proxy does not pass on.
 *
 * @param connect for the TCP connection
 * @param read for each answer of the server; zero waits as long as the server works
 */
record Timeouts(Duration connect, Duration read) {
    private static final Duration MAX_CONNECT = Duration.ofSeconds(3);
    private static final Duration MAX_READ = Duration.ofSeconds(10);
    private static final Duration MIN = Duration.ofSeconds(1);

    /** What the function needs afterwards, to answer that it failed. */
    private static final Duration RESERVE = Duration.ofMillis(500);

    /** For a migration, which takes as long as it takes; Lambda's own limit ends it. */
    static final Timeouts PATIENT = new Timeouts(MAX_CONNECT, Duration.ZERO);

    /** Such that an invocation with this much time left can still answer. */
    static Timeouts within(RemainingTime time) {
        Duration left = time.leftAfter(RESERVE);
        return new Timeouts(between(left, MAX_CONNECT), between(left, MAX_READ));
    }

    /** As {@link #within}, for statements that may take as long as the invocation. */
    static Timeouts patientWithin(RemainingTime time) {
        Duration left = time.leftAfter(RESERVE);
        return new Timeouts(between(left, MAX_CONNECT), between(left, left));
    }

    private static Duration between(Duration left, Duration max) {
        Duration bounded = left.compareTo(max) < 0 ? left : max;
        return bounded.compareTo(MIN) < 0 ? MIN : bounded;
    }
}
