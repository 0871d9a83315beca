package io.orderledger.local.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.local.instance.Instance;
import java.io.PrintWriter;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Invokes the replaying function until nothing is left, a bounded number of messages at a time. Interrupted, it is simply run
 * again: what was replayed has left its queue.
 */
final class Replay {
    private static final String FUNCTION = "ReplayDeadLettersFunction";
    private static final int MESSAGES_PER_CALL = 500;
    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(15);
    private static final JsonMapper JSON = new JsonMapper();

    private final Instance instance;
    private final PrintWriter progress;

    private Replay(Instance instance, PrintWriter progress) {
        this.instance = instance;
        this.progress = progress;
    }

    static Totals of(Instance instance, PrintWriter progress) {
        return new Replay(instance, progress).run();
    }

    private Totals run() {
        long started = System.nanoTime();
        long waiting = waiting();
        Totals totals = Totals.NONE;
        try (LambdaClient functions = LambdaClient.builder()
                .endpointOverride(instance.services())
                .region(Region.US_EAST_1)
                .credentialsProvider(localCredentials())
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(CALL_TIMEOUT))
                .overrideConfiguration(call -> call.apiCallTimeout(CALL_TIMEOUT))
                .build()) {
            boolean remaining = true;
            while (remaining) {
                JsonNode answer = call(functions);
                Totals step = Totals.of(answer);
                totals = totals.plus(step);
                report(totals, waiting, started);
                remaining = answer.path("remaining").asBoolean() && step.handled() > 0;
            }
        }
        return totals;
    }

    private JsonNode call(LambdaClient functions) {
        InvokeResponse response = functions.invoke(
                invoke -> invoke.functionName(instance.functions().getOrDefault(FUNCTION, FUNCTION))
                        .payload(SdkBytes.fromUtf8String("{\"maxMessages\":" + MESSAGES_PER_CALL + "}")));
        if (response.functionError() != null) {
            throw new IllegalStateException("The replaying function failed: "
                    + read(response.payload().asUtf8String())
                            .path("errorMessage")
                            .asText());
        }
        return read(response.payload().asUtf8String());
    }

    private void report(Totals totals, long waiting, long started) {
        double seconds = Math.max((System.nanoTime() - started) / 1e9, 1e-3);
        double rate = totals.handled() / seconds;
        long left = Math.max(0, waiting - totals.handled());
        progress.printf(
                "replayed %d of about %d, %.0f/s, about %.0f s left%n",
                totals.handled(), Math.max(waiting, totals.handled()), rate, rate > 0 ? left / rate : 0);
        progress.flush();
    }

    private long waiting() {
        try (SqsClient queues = SqsClient.builder()
                .endpointOverride(instance.services())
                .region(Region.US_EAST_1)
                .credentialsProvider(localCredentials())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            return instance.queues().values().stream()
                    .mapToLong(url -> Long.parseLong(queues.getQueueAttributes(request -> request.queueUrl(url)
                                    .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                            .attributes()
                            .getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0")))
                    .sum();
        }
    }

    /** Signatures are not checked on the loopback address, but the SDK wants to make one. */
    private static StaticCredentialsProvider localCredentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The replaying function's answer is not JSON", e);
        }
    }

    /**
     * What became of the messages.
     *
     * @param appended new in the ledger
     * @param duplicate in the ledger before
     * @param refused kept in the table of refused messages
     * @param failed left in their queues
     */
    record Totals(long appended, long duplicate, long refused, long failed) {
        static final Totals NONE = new Totals(0, 0, 0, 0);

        static Totals of(JsonNode answer) {
            return new Totals(
                    answer.path("appended").asLong(),
                    answer.path("duplicate").asLong(),
                    answer.path("refused").asLong(),
                    answer.path("failed").asLong());
        }

        Totals plus(Totals other) {
            return new Totals(
                    appended + other.appended,
                    duplicate + other.duplicate,
                    refused + other.refused,
                    failed + other.failed);
        }

        long handled() {
            return appended + duplicate + refused;
        }
    }
}
