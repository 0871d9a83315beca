package io.orderledger.local.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * A stack on AWS, and who works on it. Credentials, Region and endpoints are what the AWS command line would take, from the environment
 * and the profile.
 */
final class DeployedStack {
    /** Beyond the longest time that a function of the stack may take. */
    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(6);

    private static final int BAD_REQUEST = 400;

    private final String name;
    private final Optional<Region> region;

    DeployedStack(String name, Optional<String> region) {
        this.name = name;
        this.region = region.map(Region::of);
    }

    /**
     * What the stack says that it has, by the outputs' names. The stack is the whole deployment, whose outputs repeat those of the
     * application within, or the application alone.
     *
     * @throws IllegalArgumentException if there is no such stack
     */
    Map<String, String> outputs() {
        try (CloudFormationClient client = inRegion(CloudFormationClient.builder())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            List<Stack> stacks =
                    client.describeStacks(request -> request.stackName(name)).stacks();
            Map<String, String> outputs = new HashMap<>();
            stacks.forEach(
                    stack -> stack.outputs().forEach(output -> outputs.put(output.outputKey(), output.outputValue())));
            return outputs;
        } catch (CloudFormationException e) {
            if (e.statusCode() == BAD_REQUEST) {
                throw new IllegalArgumentException(
                        "there is no stack " + name
                                + " here; aws cloudformation list-stacks shows them, --region names another Region",
                        e);
            }
            throw e;
        }
    }

    /**
     * A function that the stack has.
     *
     * @param output the stack's output with the function's name
     * @throws IllegalArgumentException if the stack has no such output
     */
    FunctionCall function(Map<String, String> outputs, String output) {
        String function = outputs.get(output);
        if (function == null) {
            throw new IllegalArgumentException("the stack " + name + " has no output " + output
                    + "; name the stack of the whole deployment, or deploy this version first");
        }
        return new FunctionCall.Invoked(
                inRegion(LambdaClient.builder())
                        .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(CALL_TIMEOUT))
                        .overrideConfiguration(
                                call -> call.apiCallTimeout(CALL_TIMEOUT).apiCallAttemptTimeout(CALL_TIMEOUT))
                        .build(),
                function);
    }

    /**
     * Asks Lambda whether the caller may invoke a function, without invoking it.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException if not
     */
    void demandInvocable(String function) {
        try (LambdaClient client = inRegion(LambdaClient.builder())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            client.invoke(request -> request.functionName(function).invocationType(InvocationType.DRY_RUN));
        }
    }

    /** About how many messages a queue has, those included that somebody holds. */
    long messages(String queueUrl) {
        try (SqsClient client = inRegion(SqsClient.builder())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            return client
                    .getQueueAttributes(request -> request.queueUrl(queueUrl)
                            .attributeNames(
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                    .attributes()
                    .values()
                    .stream()
                    .mapToLong(Long::parseLong)
                    .sum();
        }
    }

    /** Who the credentials belong to, as AWS names them. */
    String caller() {
        try (StsClient client = inRegion(StsClient.builder())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            return client.getCallerIdentity(request -> {}).arn();
        }
    }

    private <B extends AwsClientBuilder<B, ?>> B inRegion(B builder) {
        region.ifPresent(builder::region);
        return builder;
    }
}
