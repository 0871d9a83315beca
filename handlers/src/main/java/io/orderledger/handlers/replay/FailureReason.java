package io.orderledger.handlers.replay;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Why a message was dead-lettered, in the few kinds that an operator tells apart. The kind is made from the code that AWS wrote beside
 * the message; a code that is not known here is taken for a failure of the function.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html">Codes of a rule's dead-letter queue</a>
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html">Names of a workflow's errors</a>
 */
enum FailureReason {
    /** The database could not be reached, or could not do its work then. */
    DATABASE_AWAY,
    /** More invocations at once than there may be. */
    THROTTLED,
    /** The function, or the way to it, took too long. */
    TIMED_OUT,
    /** A service of AWS failed on the way to the function. */
    SERVICE_FAILED,
    /** The function may not be invoked, or is not there. */
    NOT_PERMITTED,
    /** The function failed for another reason. */
    FUNCTION_FAILED,
    /** Nothing beside the message says why. */
    UNKNOWN;

    /** What may well have gone by itself; the rest wants somebody to mend something first. */
    static final Set<FailureReason> PASSING = Set.of(DATABASE_AWAY, THROTTLED, TIMED_OUT, SERVICE_FAILED);

    private static final Map<String, FailureReason> BY_CODE = Map.ofEntries(
            Map.entry("io.orderledger.ledger.LedgerUnavailable", DATABASE_AWAY),
            Map.entry("THROTTLING", THROTTLED),
            Map.entry("RESOURCE_LIMIT_EXCEEDED", THROTTLED),
            Map.entry("EventAgeExceeded", THROTTLED),
            Map.entry("Lambda.TooManyRequestsException", THROTTLED),
            Map.entry("Lambda.EC2ThrottledException", THROTTLED),
            Map.entry("TIMEOUT", TIMED_OUT),
            Map.entry("States.Timeout", TIMED_OUT),
            Map.entry("States.HeartbeatTimeout", TIMED_OUT),
            Map.entry("Sandbox.Timedout", TIMED_OUT),
            Map.entry("INTERNAL_ERROR", SERVICE_FAILED),
            Map.entry("CONNECTION_FAILURE", SERVICE_FAILED),
            Map.entry("SDK_CLIENT_ERROR", SERVICE_FAILED),
            Map.entry("ERROR_FROM_TARGET", SERVICE_FAILED),
            Map.entry("TRANSIENT_ASSUME_ROLE", SERVICE_FAILED),
            Map.entry("Lambda.ServiceException", SERVICE_FAILED),
            Map.entry("Lambda.AWSLambdaException", SERVICE_FAILED),
            Map.entry("Lambda.SdkClientException", SERVICE_FAILED),
            Map.entry("NO_PERMISSIONS", NOT_PERMITTED),
            Map.entry("NO_RESOURCE", NOT_PERMITTED),
            Map.entry("FAILED_TO_ASSUME_ROLE", NOT_PERMITTED),
            Map.entry("Lambda.AccessDeniedException", NOT_PERMITTED),
            Map.entry("Lambda.ResourceNotFoundException", NOT_PERMITTED),
            Map.entry("States.Permissions", NOT_PERMITTED));

    /** The kind of a code; an empty code says nothing. */
    static FailureReason of(String code) {
        return code.isEmpty() ? UNKNOWN : BY_CODE.getOrDefault(code, FUNCTION_FAILED);
    }

    /** The kind with this name, if there is one. */
    static Optional<FailureReason> named(String text) {
        return Arrays.stream(values())
                .filter(reason -> reason.text().equals(text))
                .findFirst();
    }

    /** The name that requests and answers use, such as {@code database-away}. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
