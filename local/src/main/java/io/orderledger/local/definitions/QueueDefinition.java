package io.orderledger.local.definitions;

import java.time.Duration;

/**
 * An {@code AWS::SQS::Queue} (a standard one), with SQS's defaults where the template is silent.
 *
 * @param url what {@code Ref} gives: on the local services endpoint, {@code http://127.0.0.1:PORT/ACCOUNT/NAME}
 */
public record QueueDefinition(
        Location location,
        String logicalId,
        String name,
        String arn,
        String url,
        Duration visibilityTimeout,
        Duration messageRetention,
        Duration delay,
        Duration receiveWaitTime) {

    public static final Duration DEFAULT_VISIBILITY_TIMEOUT = Duration.ofSeconds(30);
    public static final Duration DEFAULT_MESSAGE_RETENTION = Duration.ofDays(4);
}
