package io.orderledger.local.workflow;

import io.orderledger.local.definitions.DefinitionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code Retry} and {@code Catch}. */
final class HandlerReader {

    private static final int ATTEMPTS_LIMIT = 99_999_999;
    private static final int INTERVAL_LIMIT_SECONDS = 99_999_999;
    private static final int DELAY_LIMIT_SECONDS = 31_622_400;
    private static final int DEFAULT_INTERVAL_SECONDS = 1;
    private static final int DEFAULT_ATTEMPTS = 3;
    private static final double DEFAULT_BACKOFF_RATE = 2.0;
    private static final String ALL = "States.ALL";

    private HandlerReader() {}

    /** @throws DefinitionException where a field is not supported or out of bounds */
    static List<State.Retrier> retriers(LocatedJson json) {
        return json.elements().stream().map(HandlerReader::retrier).toList();
    }

    private static State.Retrier retrier(LocatedJson json) {
        json.allowOnly(Set.of(
                "Comment",
                "ErrorEquals",
                "IntervalSeconds",
                "MaxAttempts",
                "BackoffRate",
                "MaxDelaySeconds",
                "JitterStrategy"));
        int interval = json.find("IntervalSeconds")
                .map(value -> value.integer(1, INTERVAL_LIMIT_SECONDS))
                .orElse(DEFAULT_INTERVAL_SECONDS);
        return new State.Retrier(
                errors(json),
                Duration.ofSeconds(interval),
                json.find("MaxAttempts")
                        .map(value -> value.integer(0, ATTEMPTS_LIMIT))
                        .orElse(DEFAULT_ATTEMPTS),
                json.find("BackoffRate").map(HandlerReader::rate).orElse(DEFAULT_BACKOFF_RATE),
                json.find("MaxDelaySeconds").map(value -> Duration.ofSeconds(value.integer(1, DELAY_LIMIT_SECONDS))),
                json.find("JitterStrategy").map(HandlerReader::fullJitter).orElse(false));
    }

    /** Reads all but where it leads, which the caller keeps an eye on. */
    static State.Catcher catcher(LocatedJson json) {
        json.allowOnly(Set.of("Comment", "ErrorEquals", "ResultPath", "Next"));
        Optional<ReferencePath> place = json.find("ResultPath")
                .map(path -> path.value().isNull()
                        ? Optional.<ReferencePath>empty()
                        : Optional.of(ReferencePath.parse(path)))
                .orElse(Optional.of(ReferencePath.ROOT));
        return new State.Catcher(errors(json), place, json.get("Next").text());
    }

    private static List<String> errors(LocatedJson json) {
        LocatedJson names = json.get("ErrorEquals");
        List<String> errors = names.elements().stream().map(LocatedJson::text).toList();
        if (errors.isEmpty()) {
            throw names.refused("at least one error name is expected");
        }
        if (errors.contains(ALL) && errors.size() > 1) {
            throw names.refused(ALL + " stands alone");
        }
        return errors;
    }

    private static double rate(LocatedJson json) {
        if (!json.value().isNumber() || json.value().doubleValue() < 1) {
            throw json.refused("a number of at least 1 is expected");
        }
        return json.value().doubleValue();
    }

    private static boolean fullJitter(LocatedJson json) {
        return switch (json.text()) {
            case "FULL" -> true;
            case "NONE" -> false;
            default -> throw json.refused("the jitter strategy is FULL or NONE");
        };
    }
}
