package io.orderledger.handlers.listorders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.cancelorder.CancelOrder;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.handlers.recordprogress.RecordProgress;
import io.orderledger.projections.orders.OrderStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListOrdersIT {
    private static final String TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z";

    private static FunctionDatabase database;
    private static CreateOrder create;
    private static RecordProgress progress;
    private static CancelOrder cancel;
    private static ListOrders function;

    @BeforeAll
    static void start() {
        database = new FunctionDatabase();
        create = new CreateOrder(database.environment("ledger_recorder"));
        progress = new RecordProgress(database.environment("ledger_recorder"));
        cancel = new CancelOrder(database.environment("ledger_recorder"));
        function = new ListOrders(database.environment("ledger_reader"));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void answers_one_order() {
        UUID orderId = place("one", 0);

        JsonNode answer = get("/orders/{orderId}", orderId.toString(), Map.of());

        assertThat(answer.get("statusCode").intValue()).isEqualTo(200);
        assertThat(answer.at("/headers/Content-Type").textValue()).isEqualTo("application/json");
        assertThat(answer.at("/headers/x-request-id").textValue()).isEqualTo("JJbxmplHYosFVYQ=");
        assertThat(body(answer)).isEqualTo(Messages.json("""
                {"orderId":"%s","status":"PLACED","cancellationRefused":false,"channel":"APP","customerId":"one","currency":"GBP","total":1900,
                 "items":[{"sku":"margherita","name":"Margherita","quantity":2,"unitPrice":950},
                   {"sku":"cola","quantity":1,"unitPrice":0}],
                 "placedAt":"2026-11-22T18:43:48.123000Z","preparedAt":null,"dispatchedAt":null,"deliveredAt":null,
                 "cancelledAt":null,"version":1}""".formatted(orderId)));
    }

    @Test
    void answers_an_order_that_was_cancelled_too_late_and_finds_it_by_how_far_it_came() {
        UUID orderId = place("late", 0);
        Instant placedAt = Instant.ofEpochMilli(Messages.REQUESTED_AT);
        ObjectNode cancellation = Messages.cancellation(UUID.randomUUID(), orderId, "{}");
        cancellation.withObject("/detail").put("requestedAt", Messages.REQUESTED_AT + 60_000);
        Invocation.of(cancel, cancellation.toString());
        assertThat(listed(Map.of("customer", "late", "status", "CANCELLED"))).containsExactly(orderId.toString());

        Invocation.of(
                progress,
                Messages.report("OrderDispatched", UUID.randomUUID(), orderId, placedAt.plusSeconds(30))
                        .toString());
        Invocation.of(
                progress,
                Messages.report("OrderPrepared", UUID.randomUUID(), orderId, placedAt.plusSeconds(10))
                        .toString());

        JsonNode order = body(get("/orders/{orderId}", orderId.toString(), Map.of()));
        assertThat(order.get("status").textValue()).isEqualTo("DISPATCHED");
        assertThat(order.get("cancellationRefused").booleanValue()).isTrue();
        assertThat(order.get("preparedAt").textValue()).isEqualTo("2026-11-22T18:43:58.123000Z");
        assertThat(order.get("dispatchedAt").textValue()).isEqualTo("2026-11-22T18:44:18.123000Z");
        assertThat(order.get("deliveredAt").isNull()).isTrue();
        assertThat(order.get("cancelledAt").isNull()).isTrue();
        assertThat(order.get("version").intValue()).isEqualTo(4);
        for (OrderStatus status : OrderStatus.values()) {
            assertThat(listed(Map.of("customer", "late", "status", status.name())))
                    .isEqualTo(status == OrderStatus.DISPATCHED ? List.of(orderId.toString()) : List.of());
        }
    }

    @Test
    void answers_an_orders_events_with_the_personal_data_joined_in_but_not_who_asked() {
        UUID orderId = place("history", 0);
        UUID cancelId = UUID.randomUUID();
        Invocation.of(
                cancel,
                Messages.cancellation(cancelId, orderId, "{\"reason\":\"too spicy\"}")
                        .toString());

        ObjectNode body = body(get("/orders/{orderId}/history", orderId.toString(), Map.of()));

        assertThat(body.get("orderId").textValue()).isEqualTo(orderId.toString());
        JsonNode placed = body.at("/events/0");
        JsonNode cancelled = body.at("/events/1");
        assertThat(placed.get("payload")).isEqualTo(order("history"));
        assertThat(cancelled.get("payload")).isEqualTo(Messages.json("{\"reason\":\"too spicy\"}"));
        assertThat(placed.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly(
                        "eventId",
                        "type",
                        "schemaVersion",
                        "version",
                        "occurredAt",
                        "recordedAt",
                        "payload",
                        "position",
                        "block",
                        "digest");
        assertThat(cancelled.get("eventId").textValue()).isEqualTo(cancelId.toString());
        assertThat(cancelled.get("type").textValue()).isEqualTo("OrderCancelled");
        assertThat(cancelled.get("version").intValue()).isEqualTo(2);
        assertThat(cancelled.get("position").isIntegralNumber()).isTrue();
        assertThat(cancelled.get("block").isIntegralNumber()).isTrue();
        assertThat(cancelled.get("digest").textValue()).matches("[0-9a-f]{64}");
        assertThat(cancelled.get("recordedAt").textValue()).matches(TIME);
    }

    @ParameterizedTest
    @CsvSource({"https://shop.example, true", "'', false"})
    void lets_pages_of_the_allowed_origin_read_its_answers(String origin, boolean allowed) {
        Map<String, String> environment = new HashMap<>(database.environment("ledger_reader"));
        environment.put("CORS_ALLOWED_ORIGIN", origin);
        ListOrders withOrigin = new ListOrders(environment);

        for (String orderId :
                List.of(place("browser", 0).toString(), UUID.randomUUID().toString(), "1")) {
            JsonNode answer = answer(withOrigin, request("/orders/{orderId}", orderId, Map.of()));

            assertThat(answer.at("/headers/Access-Control-Allow-Origin").asText(""))
                    .isEqualTo(origin);
            assertThat(answer.at("/headers").has("Access-Control-Expose-Headers"))
                    .isEqualTo(allowed);
        }
    }

    @Test
    void shows_an_older_event_in_history_as_it_was_recorded() {
        UUID orderId = UUID.randomUUID();
        ObjectNode order = order("older");
        order.remove("channel");
        ObjectNode message = Messages.placement(orderId, order);
        ((ObjectNode) message.get("detail")).put("schemaVersion", 1);
        Invocation.of(create, message.toString());

        JsonNode event = body(get("/orders/{orderId}/history", orderId.toString(), Map.of()))
                .at("/events/0");

        assertThat(event.get("schemaVersion").intValue()).isEqualTo(1);
        assertThat(event.get("payload")).isEqualTo(order);
    }

    @Test
    void answers_pages_newest_first() {
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            placed.addFirst(place("pages", i).toString());
        }

        List<String> walked = new ArrayList<>();
        String cursor = "";
        do {
            ObjectNode page = body(get("/orders", null, Map.of("customer", "pages", "limit", "3", "cursor", cursor)));
            page.get("orders").forEach(order -> walked.add(order.get("orderId").textValue()));
            cursor = page.get("next").isNull() ? "" : page.get("next").textValue();
        } while (!cursor.isEmpty());

        assertThat(walked).isEqualTo(placed);
    }

    @Test
    void answers_an_empty_list_with_no_next_page() {
        assertThat(body(get("/orders", null, Map.of("customer", "nobody"))))
                .isEqualTo(Messages.json("{\"orders\":[],\"next\":null}"));
    }

    @Test
    void filters_by_status_and_time_and_takes_empty_parameters_for_none() {
        UUID early = place("filters", 1_000);
        UUID late = place("filters", 2_000);
        Invocation.of(
                cancel, Messages.cancellation(UUID.randomUUID(), early, "{}").toString());

        assertThat(listed(Map.of("customer", "filters", "status", "CANCELLED"))).containsExactly(early.toString());
        assertThat(listed(Map.of("customer", "filters", "status", "", "limit", "", "cursor", "")))
                .containsExactly(late.toString(), early.toString());
        String between = Instant.ofEpochMilli(Messages.REQUESTED_AT + 1_500).toString();
        assertThat(listed(Map.of("customer", "filters", "placedFrom", between))).containsExactly(late.toString());
        assertThat(listed(Map.of("customer", "filters", "placedBefore", between)))
                .containsExactly(early.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit        | 0          | limit must be an integer from 1 to 200",
                "limit        | 201        | limit must be an integer from 1 to 200",
                "limit        | -1         | limit must be an integer from 1 to 200",
                "limit        | ten        | limit must be an integer from 1 to 200",
                "limit        | 99999999999999999999 | limit must be an integer from 1 to 200",
                "status       | placed     | status must be one of PLACED, PREPARED, DISPATCHED, DELIVERED, CANCELLED",
                "customer     | a b        | customer must be 1 to 64 letters, digits, dots, underscores or hyphens",
                "placedFrom   | yesterday  | placedFrom must be a time of RFC 3339 from 1970 to 9999",
                "placedBefore | 1969-01-01T00:00:00Z | placedBefore must be a time of RFC 3339 from 1970 to 9999",
                "cursor       | nonsense   | cursor must be the \"next\" of an earlier page",
                "page         | 2          | page is unknown",
            })
    void refuses_a_query_and_names_the_parameter(String name, String value, String detail) {
        JsonNode answer = get("/orders", null, Map.of(name, value));

        assertThat(answer.get("statusCode").intValue()).isEqualTo(400);
        assertThat(answer.at("/headers/Content-Type").textValue()).isEqualTo("application/problem+json");
        assertThat(answer.at("/headers/x-request-id").textValue()).isEqualTo("JJbxmplHYosFVYQ=");
        assertThat(body(answer))
                .isEqualTo(Messages.JSON
                        .createObjectNode()
                        .put("type", "about:blank")
                        .put("title", "Bad Request")
                        .put("status", 400)
                        .put("detail", detail));
    }

    @Test
    void refuses_a_cursor_that_leads_out_of_the_databases_time() {
        byte[] forged =
                ByteBuffer.allocate(25).put((byte) 1).putLong(Long.MIN_VALUE).array();
        String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(forged);

        assertThat(get("/orders", null, Map.of("cursor", cursor))
                        .get("statusCode")
                        .intValue())
                .isEqualTo(400);
    }

    @Test
    void names_every_parameter_that_does_not_fit() {
        JsonNode answer = get("/orders", null, Map.of("limit", "x", "status", "y", "z", ""));

        assertThat(body(answer).get("detail").textValue())
                .isEqualTo(
                        "status must be one of PLACED, PREPARED, DISPATCHED, DELIVERED, CANCELLED; limit must be an integer from 1 to 200; z is unknown");
    }

    @Test
    void refuses_a_parameter_that_is_given_twice() {
        ObjectNode request = request("/orders", null, Map.of("limit", "1"));
        ((ArrayNode) request.at("/multiValueQueryStringParameters/limit")).add("2");

        assertThat(body(answer(function, request)).get("detail").textValue()).isEqualTo("limit must be given once");
    }

    @ParameterizedTest
    @CsvSource({"/orders/{orderId}", "/orders/{orderId}/history"})
    void says_when_to_look_again_for_an_order_that_is_not_known(String resource) {
        JsonNode answer = get(resource, UUID.randomUUID().toString(), Map.of());

        assertThat(answer.get("statusCode").intValue()).isEqualTo(404);
        assertThat(answer.at("/headers/Retry-After").textValue()).isEqualTo("2");
        assertThat(answer.at("/headers/Content-Type").textValue()).isEqualTo("application/problem+json");
        assertThat(body(answer).get("status").intValue()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"/orders/{orderId}", "/orders/{orderId}/history"})
    void refuses_an_order_id_that_is_none(String resource) {
        JsonNode answer = get(resource, "1-1-1-1-1", Map.of());

        assertThat(answer.get("statusCode").intValue()).isEqualTo(400);
        assertThat(body(answer).get("detail").textValue()).isEqualTo("orderId must be a UUID");
        assertThat(answer.at("/headers/Retry-After").isMissingNode()).isTrue();
    }

    @Test
    void refuses_parameters_where_there_are_none() {
        JsonNode answer = get("/orders/{orderId}", UUID.randomUUID().toString(), Map.of("asof", "1"));

        assertThat(body(answer).get("detail").textValue()).isEqualTo("asof is unknown");
    }

    @Test
    void says_that_the_database_is_away_and_nothing_more() throws IOException {
        Map<String, String> environment = database.environment("ledger_reader");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("PGPORT", Integer.toString(socket.getLocalPort()));
        }

        JsonNode answer = answer(new ListOrders(environment), request("/orders", null, Map.of()));

        assertThat(answer.get("statusCode").intValue()).isEqualTo(503);
        assertThat(answer.at("/headers/Retry-After").textValue()).isEqualTo("5");
        assertThat(answer.at("/headers/Content-Type").textValue()).isEqualTo("application/problem+json");
        assertThat(body(answer).get("detail").textValue()).isEqualTo("The orders cannot be read at the moment.");
    }

    @Test
    void says_that_it_failed_and_nothing_more() {
        ListOrders withoutRights = new ListOrders(database.environment("ledger_writer"));

        JsonNode answer = answer(withoutRights, request("/orders", null, Map.of()));

        assertThat(answer.get("statusCode").intValue()).isEqualTo(500);
        assertThat(answer.at("/headers/x-request-id").textValue()).isEqualTo("JJbxmplHYosFVYQ=");
        assertThat(answer.get("body").textValue()).doesNotContain("ledger_writer", "select", "io.orderledger");
    }

    private static ObjectNode order(String customer) {
        ObjectNode order = Messages.order();
        ((ObjectNode) order.get("customer")).put("id", customer);
        return order;
    }

    private static UUID place(String customer, long laterByMilliseconds) {
        UUID orderId = UUID.randomUUID();
        ObjectNode message = Messages.placement(orderId, order(customer));
        ((ObjectNode) message.get("detail")).put("requestedAt", Messages.REQUESTED_AT + laterByMilliseconds);
        Invocation.of(create, message.toString());
        return orderId;
    }

    private static List<String> listed(Map<String, String> query) {
        List<String> orderIds = new ArrayList<>();
        body(get("/orders", null, query))
                .get("orders")
                .forEach(order -> orderIds.add(order.get("orderId").textValue()));
        return orderIds;
    }

    private static JsonNode get(String resource, @Nullable String orderId, Map<String, String> query) {
        return answer(function, request(resource, orderId, query));
    }

    private static JsonNode answer(ListOrders function, ObjectNode request) {
        return Messages.json(Invocation.of(function, request.toString()));
    }

    private static ObjectNode request(String resource, @Nullable String orderId, Map<String, String> query) {
        ObjectNode request = Messages.resource("api-gateway-proxy-request.json").put("resource", resource);
        if (orderId != null) {
            request.putObject("pathParameters").put("orderId", orderId);
        }
        if (!query.isEmpty()) {
            ObjectNode single = request.putObject("queryStringParameters");
            ObjectNode several = request.putObject("multiValueQueryStringParameters");
            query.forEach((name, value) -> {
                single.put(name, value);
                several.putArray(name).add(value);
            });
        }
        return request;
    }

    private static ObjectNode body(JsonNode answer) {
        return Messages.json(answer.get("body").textValue());
    }
}
