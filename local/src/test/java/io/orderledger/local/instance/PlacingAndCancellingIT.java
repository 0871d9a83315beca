package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.cli.CommandLineCalls;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The promises, from the outside: HTTP in, HTTP and SQL out. Every test uses orders of its own. */
class PlacingAndCancellingIT {
    private static final Duration LISTED_WITHIN = Duration.ofSeconds(2);
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);

    private static TestInstance instance;

    @BeforeAll
    static void start() {
        instance = TestInstance.start();
        // The first request pays for loading classes.
        String id = json(instance.post(order("first"))).path("orderId").asText();
        await().atMost(SETTLED_WITHIN).until(() -> instance.get("/orders/" + id).statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void lists_an_order_within_two_seconds_of_placing_it() {
        HttpResponse<String> placed = instance.post(order("lee"));

        assertThat(placed.statusCode()).isEqualTo(200);
        String id = json(placed).path("orderId").asText();
        assertThat(json(placed).path("message").asText()).isEqualTo("Created");
        assertThat(json(placed).path("eventId").asText()).isEqualTo(id);
        assertThat(placed.headers().firstValue("location")).hasValue("orders/" + id);
        assertThat(placed.headers().firstValue("x-request-id")).isPresent();
        JsonNode listed = await().atMost(LISTED_WITHIN).until(() -> listed("lee"), orders -> orders.size() == 1);
        assertThat(listed.get(0).path("orderId").asText()).isEqualTo(id);
        assertThat(listed.get(0).path("status").asText()).isEqualTo("PLACED");
        assertThat(listed.get(0).path("total").asLong()).isEqualTo(1900);
        assertThat(listed.get(0).path("cancelledAt").isNull()).isTrue();
    }

    @Test
    void lists_a_cancellation_within_two_seconds() {
        UUID id = place("cancelled-soon");

        HttpResponse<String> cancelled = instance.cancel(id, "{\"reason\":\"changed my mind\"}");

        assertThat(cancelled.statusCode()).isEqualTo(200);
        assertThat(json(cancelled).path("message").asText()).isEqualTo("Cancelled");
        assertThat(json(cancelled).path("state").asText()).isEqualTo("RECORDED");
        assertThat(json(cancelled).path("orderId").asText()).isEqualTo(id.toString());
        await().atMost(LISTED_WITHIN).until(() -> status(id).equals("CANCELLED"));
        JsonNode history = json(instance.get("/orders/" + id + "/history"));
        assertThat(history.path("events").get(1).path("payload").path("reason").asText())
                .isEqualTo("changed my mind");
    }

    @Test
    void shows_a_cancellation_that_came_before_its_order_and_lists_the_order_cancelled_once_placed() {
        UUID id = UUID.randomUUID();

        assertThat(instance.cancel(id, "").statusCode()).isEqualTo(200);
        assertThat(json(instance.get("/orders/" + id + "/history")).path("events"))
                .hasSize(1);
        HttpResponse<String> unlisted = instance.get("/orders/" + id);
        assertThat(unlisted.statusCode()).isEqualTo(404);
        assertThat(unlisted.headers().firstValue("retry-after")).isPresent();
        instance.post(order("late"), "Idempotency-Key", id.toString());

        await().atMost(SETTLED_WITHIN).until(() -> status(id).equals("CANCELLED"));
    }

    @Test
    void records_once_what_is_sent_five_times_in_parallel() throws InterruptedException, ExecutionException {
        UUID key = UUID.randomUUID();

        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = IntStream.range(0, 5)
                    .mapToObj(client ->
                            clients.submit(() -> instance.post(order("five"), "Idempotency-Key", key.toString())))
                    .toList();
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
                assertThat(json(answer.get()).path("eventId").asText()).isEqualTo(key.toString());
            }
        }

        await().atMost(SETTLED_WITHIN).until(() -> listed("five").size() == 1);
        settle();
        assertThat(instance.query("select count(*) from ledger.event where event_id = '" + key + "'"))
                .containsExactly("1");
    }

    @Test
    void keeps_what_came_under_a_used_key_with_another_body() {
        UUID key = place("first-body");

        instance.post(order("other-body"), "idempotency-key", "\"" + key + "\"");

        await().atMost(SETTLED_WITHIN)
                .untilAsserted(
                        () -> assertThat(instance.query("select convert_from(message, 'UTF8') from ledger.refused"
                                        + " where reason = 'CONFLICT' and event_id = '" + key + "'"))
                                .singleElement()
                                .asString()
                                .contains("other-body"));
        assertThat(json(instance.get("/orders/" + key)).path("customerId").asText())
                .isEqualTo("first-body");
    }

    @Test
    void answers_409_to_a_cancellation_under_a_key_that_was_used_for_something_else() {
        UUID key = place("key-used");

        HttpResponse<String> conflict = instance.cancel(key, "", "Idempotency-Key", key.toString());

        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(conflict.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(status(key)).isEqualTo("PLACED");
    }

    @Test
    void takes_no_identity_from_the_request_id_that_a_client_sets() {
        UUID chosen = UUID.randomUUID();

        List<String> ids = IntStream.range(0, 3)
                .mapToObj(time -> instance.post(order("chosen"), "x-amzn-RequestId", chosen.toString()))
                .map(answer -> json(answer).path("eventId").asText())
                .toList();

        assertThat(ids).doesNotHaveDuplicates().doesNotContain(chosen.toString());
        await().atMost(SETTLED_WITHIN).until(() -> listed("chosen").size() == 3);
    }

    @Test
    void loses_no_order_that_is_placed_while_the_database_is_away() {
        instance.run().database().stop();
        UUID order = UUID.fromString(
                json(instance.post(order("away"))).path("orderId").asText());
        HttpResponse<String> cancelled = instance.cancel(order, "");
        HttpResponse<String> list = instance.get("/orders");
        instance.run().database().start();

        assertThat(cancelled.statusCode()).isEqualTo(200);
        assertThat(json(cancelled).path("state").asText()).isEqualTo("QUEUED");
        assertThat(list.statusCode()).isEqualTo(503);
        assertThat(list.headers().firstValue("retry-after")).isPresent();
        await().atMost(SETTLED_WITHIN).until(() -> {
            replay();
            return status(order).equals("CANCELLED");
        });
        settle();
        assertThat(instance.query("select count(*) from ledger.event where stream_id = '" + order + "'"))
                .containsExactly("2");
    }

    @Test
    void changes_nothing_when_everything_is_replayed_three_times() {
        UUID order = place("replayed");
        String everything = "select coalesce(string_agg(t::text, '|' order by t::text), '') from %s t";
        settle();
        List<String> events = instance.query(everything.formatted("ledger.event"));
        List<String> orders = instance.query(everything.formatted("projection.orders_v2"));

        IntStream.range(0, 3).forEach(time -> replay());

        assertThat(instance.query(everything.formatted("ledger.event"))).isEqualTo(events);
        assertThat(instance.query(everything.formatted("projection.orders_v2"))).isEqualTo(orders);
        assertThat(status(order)).isEqualTo("PLACED");
    }

    @Test
    void pages_through_all_orders_newest_first() {
        IntStream.range(0, 7).forEach(number -> place("pages"));

        String cursor = "";
        List<String> seen = new java.util.ArrayList<>();
        do {
            JsonNode page = json(instance.get("/orders?customer=pages&limit=3" + cursor));
            page.path("orders").forEach(order -> seen.add(order.path("placedAt").asText()));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());

        assertThat(seen).hasSize(7).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    private static UUID place(String customer) {
        UUID id = UUID.fromString(
                json(instance.post(order(customer))).path("orderId").asText());
        await().atMost(SETTLED_WITHIN).until(() -> status(id).equals("PLACED"));
        return id;
    }

    private static JsonNode listed(String customer) {
        return json(instance.get("/orders?customer=" + customer)).path("orders");
    }

    private static String status(UUID order) {
        return json(instance.get("/orders/" + order)).path("status").asText();
    }

    private static void replay() {
        assertThat(CommandLineCalls.run("replay", "--data", instance.data().toString())
                        .exitCode())
                .isZero();
    }

    /** Until the bus has nothing to deliver and no dead letter waits. */
    private static void settle() {
        await().atMost(SETTLED_WITHIN).until(() -> {
            ObjectNode health = (ObjectNode) json(instance.get("/health"));
            return health.path("inFlight").asInt() == 0;
        });
    }
}
