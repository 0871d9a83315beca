package io.orderledger.handlers;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A setting in place of the timeouts of a function's connections, which follow from what is left of its invocation: NETWORK_TIMEOUT_SECONDS,
 * for those who let invocations take longer than Lambda would. A debugger that holds a function at a breakpoint does, and so does simulated
 * time, in which a machine that is busy must not look like a network that is down. On AWS it is not set: Lambda ends a function that waits.
 */
public final class NetworkTimeout {
    private static final String VARIABLE = "NETWORK_TIMEOUT_SECONDS";
    private static final int MAX_SECONDS = 86_400;

    private NetworkTimeout() {}

    /**
     * The timeout for each wait, if there is one.
     *
     * @throws IllegalStateException if the variable is no number from 1 to 86400
     */
    public static Optional<Duration> from(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(VARIABLE))
                .filter(value -> !value.isEmpty())
                .map(NetworkTimeout::read);
    }

    private static Duration read(String text) {
        if (text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= MAX_SECONDS) {
            return Duration.ofSeconds(Integer.parseInt(text));
        }
        throw new IllegalStateException(VARIABLE + " must be a number from 1 to " + MAX_SECONDS);
    }
}
