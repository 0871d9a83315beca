package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.cli.CommandLineCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other services of the team put on the bus how far orders came, by the same definitions that AWS gets. */
class ReportsIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(30);
    private static final String SERVICE = "orders.fulfilment";
    private static final String BUS = "order-ledger-orders";

    private final Instant now = Instant.now();

    @TempDir
    private Path folder;

    @Test
    void what_occurred_first_decides_and_not_what_was_put_first() {
        try (TestInstance instance = TestInstance.start()) {
            UUID late = UUID.randomUUID();
            UUID early = UUID.randomUUID();
            // A dispatch of an hour ago, before its order is placed, and after it is cancelled.
            put(instance, "OrderDispatched", late, now.minusSeconds(3_600));
            instance.cancel(late, "");
            instance.post(order("late"), "Idempotency-Key", late.toString());
            // Cancelled before anybody dispatched it; the dispatch is said to be in the future, and so counts as of
            // now.
            instance.post(order("early"), "Idempotency-Key", early.toString());
            instance.cancel(early, "");
            put(instance, "OrderDispatched", early, now.plusSeconds(3_600));
            put(instance, "OrderPrepared", early, now.minusSeconds(60));

            await().atMost(SETTLED_WITHIN)
                    .untilAsserted(
                            () -> assertThat(one(instance, late).path("status").asText())
                                    .isEqualTo("DISPATCHED"));
            await().atMost(SETTLED_WITHIN)
                    .untilAsserted(() -> assertThat(
                                    one(instance, early).path("version").asInt())
                            .isEqualTo(4));
            assertThat(one(instance, late).path("cancellationRefused").asBoolean())
                    .isTrue();
            assertThat(one(instance, early).path("status").asText()).isEqualTo("CANCELLED");
            assertThat(one(instance, early).path("cancellationRefused").asBoolean(true))
                    .isFalse();

            put(instance, "OrderDelivered", late, now);
            await().atMost(SETTLED_WITHIN)
                    .untilAsserted(() -> assertThat(json(instance.get("/orders?status=DELIVERED"))
                                    .at("/orders/0/orderId")
                                    .asText())
                            .isEqualTo(late.toString()));
        }
    }

    @Test
    void the_sample_file_reports_all_of_an_order() throws IOException {
        JsonNode entries = json(Files.readString(TestInstance.SAM.resolve("samples/reports.json")));
        UUID order = UUID.fromString(
                json(entries.at("/0/Detail").asText()).path("orderId").asText());
        try (TestInstance instance = TestInstance.start()) {
            putAll(instance, entries);
            putAll(instance, entries);
            instance.post(order("sample"), "Idempotency-Key", order.toString());

            await().atMost(SETTLED_WITHIN)
                    .untilAsserted(() -> assertThat(
                                    one(instance, order).path("version").asInt())
                            .isEqualTo(4));
            assertThat(one(instance, order).path("status").asText()).isEqualTo("DELIVERED");
        }
    }

    @Test
    void only_listed_sources_are_heard_and_the_list_is_a_parameter() throws IOException {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Sam.change(sam.resolve("template.yaml"), "Default: orders.fulfilment", "Default: 'kitchen, courier'");
        try (TestInstance instance = TestInstance.start(sam)) {
            UUID order = UUID.randomUUID();
            put(instance, SERVICE, "OrderDelivered", order, now);
            put(instance, "order-ledger.api", "OrderDelivered", order, now);
            put(instance, "courier", "OrderLost", order, now);
            put(instance, "kitchen", "OrderPrepared", order, now);
            put(instance, "courier", "OrderDispatched", order, now);

            // What matches is in flight before the answer; so what is neither in flight nor recorded was never matched.
            await().atMost(SETTLED_WITHIN)
                    .until(() -> json(instance.get("/health")).path("inFlight").asInt() == 0);
            assertThat(instance.query("select metadata ->> 'path' from ledger.event order by type"))
                    .containsExactly("courier", "kitchen");
            assertThat(instance.query("select reason from ledger.refused")).isEmpty();
        }
    }

    @Test
    void what_cannot_be_delivered_or_recorded_waits_in_the_queues_and_is_replayed() throws IOException {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Sam.change(
                sam.resolve("template.yaml"),
                "FunctionName: !Ref RecordProgressFunction.Alias\n      Principal: events.amazonaws.com",
                "FunctionName: !Ref RecordProgressFunction.Alias\n      Principal: scheduler.amazonaws.com");
        UUID order = UUID.randomUUID();
        try (TestInstance instance = TestInstance.start(sam)) {
            put(instance, "OrderPrepared", order, now);

            awaitDeadLetters(instance, "RuleDeadLetterQueue");
            replay(instance, order, "OrderPrepared");
        }
        try (TestInstance instance = TestInstance.start()) {
            instance.run().database().stop();
            put(instance, "OrderPrepared", order, now);

            awaitDeadLetters(instance, "FunctionDeadLetterQueue");
            instance.run().database().start();
            replay(instance, order, "OrderPrepared");
        }
    }

    private static void awaitDeadLetters(TestInstance instance, String queue) {
        await().atMost(SETTLED_WITHIN)
                .until(() -> json(instance.get("/health"))
                                .path("deadLetters")
                                .path(queue)
                                .asInt()
                        == 1);
    }

    private static void replay(TestInstance instance, UUID order, String recorded) {
        assertThat(CommandLineCalls.run("replay", "--data", instance.data().toString())
                        .out())
                .contains("appended 1");
        assertThat(instance.query("select type from ledger.event where stream_id = '" + order + "'"))
                .containsExactly(recorded);
    }

    private static JsonNode one(TestInstance instance, UUID order) {
        return json(instance.get("/orders/" + order));
    }

    private static void put(TestInstance instance, String type, UUID order, Instant occurredAt) {
        put(instance, SERVICE, type, order, occurredAt);
    }

    private static void put(TestInstance instance, String source, String type, UUID order, Instant occurredAt) {
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put("orderId", order.toString())
                .put("occurredAt", occurredAt.toString());
        putAll(
                instance,
                JsonNodeFactory.instance
                        .arrayNode()
                        .add(JsonNodeFactory.instance
                                .objectNode()
                                .put("EventBusName", BUS)
                                .put("Source", source)
                                .put("DetailType", type)
                                .put("Detail", detail.toString())));
    }

    private static void putAll(TestInstance instance, JsonNode entries) {
        ObjectNode call = JsonNodeFactory.instance.objectNode();
        call.set("Entries", entries);
        JsonNode answer = json(instance.send(
                "POST",
                instance.run().instance().services().toString(),
                call.toString(),
                "X-Amz-Target",
                "AWSEvents.PutEvents",
                "Content-Type",
                "application/x-amz-json-1.1"));
        assertThat(answer.path("FailedEntryCount").asInt(-1)).isZero();
    }
}
