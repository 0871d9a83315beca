package io.orderledger.local.definitions;

import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What CloudFormation would know about a deployment besides the files.
 *
 * @param parameters values for the template's parameters; a parameter that is missing here takes its default
 * @param queueUrl gives the URL of the queue with this name, which is what {@code Ref} of a queue gives
 */
public record StackContext(
        String region,
        String accountId,
        String stackName,
        Map<String, String> parameters,
        UnaryOperator<String> queueUrl) {

    public StackContext {
        parameters = Map.copyOf(parameters);
    }

    /** A context whose queues have the URLs they would have on AWS. */
    public StackContext(String region, String accountId, String stackName, Map<String, String> parameters) {
        this(
                region,
                accountId,
                stackName,
                parameters,
                queue -> "https://sqs." + region + ".amazonaws.com/" + accountId + "/" + queue);
    }
}
