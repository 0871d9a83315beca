package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The local run executes the files in sam/: what changes there, changes here. */
class DefinitionsDriveTheRunIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void follows_a_changed_mapping_template_and_model_and_workflow() throws IOException {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Sam.change(sam.resolve("api.yaml"), "\\\"path\\\":\\\"POST /orders", "\\\"path\\\":\\\"POST /changed");
        Sam.change(sam.resolve("api.yaml"), "maxItems: 100", "maxItems: 1");
        Sam.change(sam.resolve("cancel-order.asl.json"), "\"state\": \"RECORDED\"", "\"state\": \"CHANGED\"");
        try (TestInstance instance = TestInstance.start(sam)) {
            String id = json(instance.post(order("mapped"))).path("orderId").asText();
            HttpResponse<String> twoItems = instance.post("""
                    {"customer":{"id":"two"},"currency":"GBP","items":[
                      {"sku":"a","quantity":1,"unitPrice":1},{"sku":"b","quantity":1,"unitPrice":1}]}""");
            HttpResponse<String> cancelled = instance.cancel(UUID.randomUUID(), "");

            await().atMost(SETTLED_WITHIN)
                    .untilAsserted(() -> assertThat(instance.query(
                                    "select metadata ->> 'path' from ledger.event where event_id = '" + id + "'"))
                            .containsExactly("POST /changed"));
            assertThat(twoItems.statusCode()).isEqualTo(400);
            assertThat(json(cancelled).path("state").asText()).isEqualTo("CHANGED");
        }
    }

    @Test
    void follows_a_missing_permission_to_the_dead_letter_queue_of_the_rule() throws IOException {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Sam.change(
                sam.resolve("template.yaml"), "Principal: events.amazonaws.com", "Principal: scheduler.amazonaws.com");
        try (TestInstance instance = TestInstance.start(sam)) {
            UUID key = UUID.randomUUID();

            instance.post(order("forbidden"), "Idempotency-Key", key.toString());

            // No permission means no retries: straight to the rule's dead-letter queue, from where it can be replayed.
            await().atMost(SETTLED_WITHIN)
                    .until(() -> json(instance.get("/health"))
                                    .path("deadLetters")
                                    .path("RuleDeadLetterQueue")
                                    .asInt()
                            == 1);
            assertThat(instance.query("select event_id from ledger.event")).isEmpty();
            assertThat(io.orderledger.local.cli.CommandLineCalls.run(
                                    "replay", "--data", instance.data().toString())
                            .out())
                    .contains("appended 1");
            assertThat(instance.query("select event_id from ledger.event")).containsExactly(key.toString());
        }
    }

    @Test
    void follows_a_changed_rule_pattern() throws IOException {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Sam.change(sam.resolve("template.yaml"), "[OrderPlacementRequested]", "[SomethingElse]");
        try (TestInstance instance = TestInstance.start(sam)) {
            assertThat(instance.post(order("unmatched")).statusCode()).isEqualTo(200);

            // What matches is in flight before the answer; so what is neither in flight nor recorded was never matched.
            await().atMost(SETTLED_WITHIN)
                    .until(() -> json(instance.get("/health")).path("inFlight").asInt() == 0);
            assertThat(instance.query("select event_id from ledger.event")).isEmpty();
        }
    }

    @Test
    void follows_a_changed_retry_policy() throws IOException {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Sam.change(sam.resolve("template.yaml"), "MaximumRetryAttempts: 2", "MaximumRetryAttempts: 0");
        try (TestInstance instance = TestInstance.start(sam);
                SqsClient queues = SqsClient.builder()
                        .endpointOverride(instance.run().instance().services())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build()) {
            instance.run().database().stop();
            instance.post(order("given-up"));

            String url = instance.run().instance().queues().get("FunctionDeadLetterQueue");
            List<Message> given = await().atMost(SETTLED_WITHIN)
                    .until(
                            () -> queues.receiveMessage(request -> request.queueUrl(url))
                                    .messages(),
                            messages -> !messages.isEmpty());
            assertThat(json(given.getFirst().body())
                            .path("requestContext")
                            .path("approximateInvokeCount")
                            .asInt())
                    .isEqualTo(1);
        }
    }
}
