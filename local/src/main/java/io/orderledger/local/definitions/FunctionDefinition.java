package io.orderledger.local.definitions;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An {@code AWS::Serverless::Function}.
 *
 * @param arn the function's ARN without a version or an alias
 * @param alias the alias that {@code AutoPublishAlias} makes; {@code arn:alias} then names the function too
 * @param handler the handler class, fully qualified, without a method ({@code ::handleRequest} is cut off)
 * @param environment the variables of the template; what the local run adds comes on top where it is invoked
 * @param timeout the time one invocation may take
 * @param reservedConcurrency how many invocations may run at once; more are throttled. Empty: no limit of its own
 * @param asynchronous {@code EventInvokeConfig}, with Lambda's defaults where the template is silent
 * @param permissions the resource-based policy: who may invoke the function
 */
public record FunctionDefinition(
        Location location,
        String logicalId,
        String name,
        String arn,
        Optional<String> alias,
        String handler,
        Map<String, String> environment,
        Duration timeout,
        int memoryMegabytes,
        OptionalInt reservedConcurrency,
        AsynchronousInvocation asynchronous,
        List<PermissionDefinition> permissions) {

    public FunctionDefinition {
        environment = Map.copyOf(environment);
        permissions = List.copyOf(permissions);
    }

    /**
     * How failed asynchronous invocations are retried.
     *
     * @param maximumRetryAttempts 0 to 2
     * @param maximumEventAge 60 seconds to 6 hours
     * @param onFailureQueueArn the queue that gets the record of an event that was given up
     */
    public record AsynchronousInvocation(
            int maximumRetryAttempts, Duration maximumEventAge, Optional<String> onFailureQueueArn) {

        /** What Lambda does without an {@code EventInvokeConfig}: two retries within six hours, then the event is gone. */
        public static final AsynchronousInvocation DEFAULT =
                new AsynchronousInvocation(2, Duration.ofHours(6), Optional.empty());
    }
}
