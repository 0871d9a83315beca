package io.orderledger.local.workflow;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The services a Task can call, and the parameters that are supported. */
enum Integration {
    LAMBDA_INVOKE("arn:aws:states:::lambda:invoke"),
    SQS_SEND_MESSAGE("arn:aws:states:::sqs:sendMessage");

    private final String resource;

    Integration(String resource) {
        this.resource = resource;
    }

    static Optional<Integration> of(String resource) {
        return Arrays.stream(values())
                .filter(each -> each.resource.equals(resource))
                .findFirst();
    }

    Set<String> required() {
        return switch (this) {
            case LAMBDA_INVOKE -> Set.of("FunctionName");
            case SQS_SEND_MESSAGE -> Set.of("QueueUrl", "MessageBody");
        };
    }

    Set<String> supported() {
        return switch (this) {
            case LAMBDA_INVOKE -> Set.of("FunctionName", "Payload");
            case SQS_SEND_MESSAGE -> Set.of("QueueUrl", "MessageBody");
        };
    }
}
