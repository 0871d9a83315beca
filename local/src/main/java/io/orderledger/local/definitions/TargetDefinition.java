package io.orderledger.local.definitions;

import java.time.Duration;
import java.util.Optional;

/**
 * One target of a rule. {@code Input}, {@code InputPath} and {@code InputTransformer} are refused when the template is
 * read: a target always gets the event as it is.
 *
 * @param id the target's {@code Id}
 * @param arn what it delivers to
 * @param maximumRetryAttempts 0 to 185
 * @param maximumEventAge 60 seconds to 24 hours
 * @param deadLetterQueueArn the queue that gets what could not be delivered. Empty: it is dropped, as on AWS
 */
public record TargetDefinition(
        Location location,
        String id,
        String arn,
        int maximumRetryAttempts,
        Duration maximumEventAge,
        Optional<String> deadLetterQueueArn) {

    /** EventBridge's retry policy where the template gives none. */
    public static final int DEFAULT_MAXIMUM_RETRY_ATTEMPTS = 185;

    /** EventBridge's retry policy where the template gives none. */
    public static final Duration DEFAULT_MAXIMUM_EVENT_AGE = Duration.ofHours(24);
}
