package io.orderledger.handlers.replay;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A dead-letter queue.
 *
 * @param name what the answer calls it
 * @param url what SQS calls it
 */
record Queue(String name, String url) {
    /** What the queues are called. */
    static final List<String> NAMES = Arrays.stream(Kind.values())
            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
            .toList();

    private enum Kind {
        RULE,
        FUNCTION,
        WORKFLOW;

        Queue in(Map<String, String> environment) {
            String variable = name() + "_DEAD_LETTER_QUEUE_URL";
            String url = Optional.ofNullable(environment.get(variable))
                    .filter(value -> !value.isEmpty())
                    .orElseThrow(() -> new IllegalStateException("Environment variable " + variable + " is required"));
            return new Queue(name().toLowerCase(Locale.ROOT), url);
        }
    }

    /** The three queues, each named by a variable. */
    static List<Queue> from(Map<String, String> environment) {
        return Arrays.stream(Kind.values()).map(kind -> kind.in(environment)).toList();
    }
}
