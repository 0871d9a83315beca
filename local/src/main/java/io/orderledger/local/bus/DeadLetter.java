package io.orderledger.local.bus;

import io.orderledger.local.queues.Queues.Attribute;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Why an event goes to a target's dead-letter queue. The message's body is the event; this becomes its
 * <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html">attributes</a>.
 *
 * @param exhausted which limit of the retry policy ended it; empty where it was not retried
 */
record DeadLetter(
        String ruleArn,
        String targetArn,
        String errorCode,
        String errorMessage,
        Optional<String> exhausted,
        int retryAttempts) {

    static final String MAXIMUM_RETRY_ATTEMPTS = "MaximumRetryAttempts";
    static final String MAXIMUM_EVENT_AGE = "MaximumEventAgeInSeconds";

    Map<String, Attribute> attributes() {
        var attributes = new LinkedHashMap<String, Attribute>();
        attributes.put("RULE_ARN", new Attribute.Text(ruleArn));
        attributes.put("TARGET_ARN", new Attribute.Text(targetArn));
        attributes.put("ERROR_CODE", new Attribute.Text(errorCode));
        attributes.put("ERROR_MESSAGE", new Attribute.Text(errorMessage));
        exhausted.ifPresent(limit -> attributes.put("EXHAUSTED_RETRY_CONDITION", new Attribute.Text(limit)));
        attributes.put("RETRY_ATTEMPTS", new Attribute.Numeric(retryAttempts));
        return attributes;
    }
}
