package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The local run executes the files in sam/: what changes there, changes here. A dozen changes: of a mapping template, a model, a
 * workflow's answer and its catch, a permission, a rule's pattern, a retry policy, a response template, a gateway response, an
 * allowed origin, a function's environment, and a limit.
 */
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
        try (TestInstance instance = TestInstance.start(sam)) {
            instance.run().database().stop();
            instance.post(order("given-up"));

            assertThat(received(instance, "FunctionDeadLetterQueue")
                            .path("requestContext")
                            .path("approximateInvokeCount")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void follows_what_a_changed_catch_keeps_for_replay() throws IOException {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Sam.change(sam.resolve("cancel-order.asl.json"), "\"failure\": {", "\"mishap\": {");
        try (TestInstance instance = TestInstance.start(sam)) {
            instance.run().database().stop();

            HttpResponse<String> cancelled = instance.cancel(UUID.randomUUID(), "{\"reason\":\"late\"}");

            assertThat(json(cancelled).path("state").asText()).isEqualTo("QUEUED");
            JsonNode kept = received(instance, "WorkflowDeadLetterQueue");
            assertThat(kept.path("mishap").path("error").asText()).isNotEmpty();
            assertThat(kept.has("failure")).isFalse();
            assertThat(kept.path("detail").path("data").path("reason").asText()).isEqualTo("late");
        }
    }

    @Test
    void follows_a_changed_response_template_and_gateway_response_and_allowed_origin_and_user() throws IOException {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Sam.change(sam.resolve("api.yaml"), "{\"message\":\"Created\"", "{\"message\":\"Taken\"");
        Sam.change(sam.resolve("api.yaml"), "statusCode: '415'", "statusCode: '406'");
        Sam.change(
                sam.resolve("template.yaml"),
                "Empty answers no preflight.\n    Default: ''",
                "Empty answers no preflight.\n    Default: 'https://shop.example'");
        Sam.change(sam.resolve("template.yaml"), "PGUSER: ledger_reader", "PGUSER: ledger_writer");
        try (TestInstance instance = TestInstance.start(sam)) {
            assertThat(json(instance.post(order("taken"))).path("message").asText())
                    .isEqualTo("Taken");
            assertThat(instance.send("POST", "/orders", "text", "Content-Type", "text/plain")
                            .statusCode())
                    .isEqualTo(406);
            assertThat(instance.send("OPTIONS", "/orders", "").statusCode()).isEqualTo(204);
            HttpResponse<String> list = instance.get("/orders");
            // The function's environment has the origin, too; and the role that appends may not read.
            assertThat(list.headers().firstValue("Access-Control-Allow-Origin")).contains("https://shop.example");
            assertThat(list.statusCode()).isEqualTo(500);
        }
    }

    @Test
    void follows_a_changed_limit() throws IOException {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Sam.change(sam.resolve("template.yaml"), "Default: 500\n", "Default: 1\n");
        Sam.change(sam.resolve("template.yaml"), "Default: 1000\n", "Default: 1\n");
        try (TestInstance instance = TestInstance.start(sam)) {
            // One token, and one more each second: five requests at once cannot all have one.
            assertThat(IntStream.range(0, 5)
                            .mapToObj(_ -> instance.get("/orders").statusCode()))
                    .startsWith(200)
                    .contains(429);
        }
    }

    private static JsonNode received(TestInstance instance, String queue) {
        try (SqsClient queues = SqsClient.builder()
                .endpointOverride(instance.run().instance().services())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            String url =
                    Objects.requireNonNull(instance.run().instance().queues().get(queue));
            List<Message> messages = await().atMost(SETTLED_WITHIN)
                    .until(
                            () -> queues.receiveMessage(request -> request.queueUrl(url))
                                    .messages(),
                            found -> !found.isEmpty());
            return json(messages.getFirst().body());
        }
    }
}
