package io.orderledger.handlers.listorders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.cancelorder.CancelOrder;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.projections.orders.OrderCursor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListOrdersAsOfIT {
    private static final String RULE =
            "asOf must be the height of a block, or a time of RFC 3339 from 1970 on that is not in the future";

    private static FunctionDatabase database;
    private static CreateOrder create;
    private static CancelOrder cancel;
    private static ListOrders function;
    private static int placings;

    @BeforeAll
    static void start() {
        database = new FunctionDatabase();
        create = new CreateOrder(database.environment("ledger_recorder"));
        cancel = new CancelOrder(database.environment("ledger_recorder"));
        function = new ListOrders(database.environment("ledger_reader"));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void an_order_is_what_it_was_at_a_height_and_at_a_time() {
        long before = height();
        UUID orderId = place("one");
        long placed = height();
        String time = sealedAt(placed);
        cancel(orderId);

        assertThat(status(get("/orders/{orderId}", orderId, Map.of("asOf", Long.toString(before)))))
                .isEqualTo(404);
        assertThat(status(get("/orders/{orderId}", orderId, Map.of("asOf", "0"))))
                .isEqualTo(404);
        for (String moment : List.of(Long.toString(placed), time)) {
            ObjectNode order = body(get("/orders/{orderId}", orderId, Map.of("asOf", moment)));
            assertThat(order.get("status").textValue()).isEqualTo("PLACED");
            assertThat(order.at("/asOf/block").longValue()).isEqualTo(placed);
            assertThat(order.at("/asOf/sealedAt").textValue()).isEqualTo(time);
        }
        assertThat(body(get("/orders/{orderId}", orderId, Map.of()))
                        .get("status")
                        .textValue())
                .isEqualTo("CANCELLED");
        assertThat(body(get("/orders/{orderId}", orderId, Map.of())).has("asOf"))
                .isFalse();
    }

    @Test
    void a_page_as_of_a_block_is_the_page_that_was_answered_then() {
        place("then");
        UUID second = place("then");
        ObjectNode then = body(get("/orders", null, Map.of("customer", "then")));
        long block = height();
        place("then");
        cancel(second);

        ObjectNode now = body(get("/orders", null, Map.of("customer", "then", "asOf", Long.toString(block))));

        assertThat(now.remove("asOf")).isEqualTo(Messages.json("""
                {"block":%d,"sealedAt":"%s"}""".formatted(block, sealedAt(block))));
        assertThat(now).isEqualTo(then);
    }

    @Test
    void a_walk_stays_at_its_block_while_orders_come_and_are_cancelled() {
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            placed.addFirst(place("walk").toString());
        }
        for (String moment : List.of(Long.toString(height()), sealedAt(height()))) {
            List<String> walked = new ArrayList<>();
            List<JsonNode> blocks = new ArrayList<>();
            String cursor = "";
            do {
                ObjectNode page = body(get(
                        "/orders", null, Map.of("customer", "walk", "limit", "2", "cursor", cursor, "asOf", moment)));
                page.get("orders").forEach(order -> {
                    walked.add(order.get("orderId").textValue());
                    assertThat(order.get("status").textValue()).isEqualTo("PLACED");
                });
                blocks.add(page.get("asOf"));
                cursor = page.get("next").isNull() ? "" : page.get("next").textValue();
                place("walk");
            } while (!cursor.isEmpty());

            assertThat(walked).isEqualTo(placed);
            assertThat(blocks).hasSize(4).containsOnly(blocks.getFirst());
        }
        cancel(UUID.fromString(placed.getFirst()));
    }

    @Test
    void a_cursor_goes_with_the_moment_that_it_was_given_for() {
        for (int i = 0; i < 3; i++) {
            place("cursor");
        }
        String height = Long.toString(height());
        Map<String, String> page = Map.of("customer", "cursor", "limit", "1");
        String ofHeight = next(with(page, "asOf", height));
        String ofTime = next(with(page, "asOf", sealedAt(height())));
        String ofNow = next(page);

        for (Map<String, String> query : List.of(
                with(page, "cursor", ofHeight),
                with(page, "cursor", ofTime),
                with(with(page, "cursor", ofNow), "asOf", height),
                with(with(page, "cursor", ofTime), "asOf", height),
                with(with(page, "cursor", ofHeight), "asOf", sealedAt(height())),
                with(with(page, "cursor", ofHeight), "asOf", "1"))) {
            JsonNode answer = get("/orders", null, query);

            assertThat(status(answer)).isEqualTo(400);
            assertThat(body(answer).get("detail").textValue())
                    .isEqualTo("cursor must be the \"next\" of a page with the same asOf");
        }
        String sameTime = Instant.parse(sealedAt(height())).toString().replace("Z", "+00:00");
        assertThat(status(get("/orders", null, with(with(page, "cursor", ofTime), "asOf", sameTime))))
                .isEqualTo(200);
    }

    @Test
    void before_the_first_block_there_was_nothing() {
        for (String moment : List.of("0", "1971-01-01T00:00:00Z")) {
            assertThat(body(get("/orders", null, Map.of("asOf", moment)))).isEqualTo(Messages.json("""
                            {"orders":[],"next":null,"asOf":{"block":0,"sealedAt":null}}"""));
        }
    }

    @Test
    void a_time_after_the_newest_block_means_the_newest_block() {
        place("newest");
        String justNow = Instant.now().toString();

        assertThat(body(get("/orders", null, Map.of("asOf", justNow)))
                        .at("/asOf/block")
                        .longValue())
                .isEqualTo(height());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "-1",
                "1.5",
                "9999999999999999999",
                "1969-12-31T23:59:59Z",
                "2026-11-24",
                "9999-01-01T00:00:00Z",
                "NaN"
            })
    void refuses_what_is_no_moment_and_names_the_parameter(String moment) {
        for (JsonNode answer : List.of(
                get("/orders", null, Map.of("asOf", moment)),
                get("/orders/{orderId}", UUID.randomUUID(), Map.of("asOf", moment)))) {
            assertThat(status(answer)).isEqualTo(400);
            assertThat(answer.at("/headers/Content-Type").textValue()).isEqualTo("application/problem+json");
            assertThat(body(answer).get("detail").textValue()).isEqualTo(RULE);
        }
    }

    @Test
    void refuses_a_time_in_the_future_by_the_functions_clock() {
        Instant noon = Instant.parse("2026-11-24T12:00:00Z");
        ListOrders atNoon = new ListOrders(database.environment("ledger_reader"), () -> noon);

        assertThat(status(answer(atNoon, request("/orders", null, Map.of("asOf", "2026-11-24T12:00:00Z")))))
                .isEqualTo(200);
        assertThat(status(answer(atNoon, request("/orders", null, Map.of("asOf", "2026-11-24T12:00:00.000001Z")))))
                .isEqualTo(400);
    }

    @Test
    void refuses_a_height_that_is_not_reached() {
        String beyond = Long.toString(height() + 1_000);

        for (JsonNode answer : List.of(
                get("/orders", null, Map.of("asOf", beyond)),
                get("/orders/{orderId}", UUID.randomUUID(), Map.of("asOf", beyond)))) {
            assertThat(status(answer)).isEqualTo(400);
            assertThat(body(answer).get("detail").textValue())
                    .isEqualTo("asOf must be the height of a block that is there");
        }
    }

    @Test
    void refuses_a_moment_for_a_history() {
        JsonNode answer = get("/orders/{orderId}/history", UUID.randomUUID(), Map.of("asOf", "1"));

        assertThat(body(answer).get("detail").textValue()).isEqualTo("asOf is unknown");
    }

    @Test
    void refuses_a_forged_cursor() {
        OrderCursor place = new OrderCursor(Instant.EPOCH, UUID.randomUUID());
        String negative = new PageCursor.AsOfBlock(place, -1, new AsOf.Height(1)).toText();
        String beyond = new PageCursor.AsOfBlock(place, Long.MAX_VALUE, new AsOf.Height(1)).toText();

        assertThat(status(get("/orders", null, Map.of("asOf", "1", "cursor", negative))))
                .isEqualTo(400);
        assertThat(status(get("/orders", null, Map.of("asOf", "1", "cursor", beyond))))
                .isEqualTo(400);
        assertThat(status(get("/orders", null, Map.of("asOf", "1", "cursor", negative + "A"))))
                .isEqualTo(400);
    }

    private static Map<String, String> with(Map<String, String> query, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(query);
        more.put(name, value);
        return more;
    }

    private static String next(Map<String, String> query) {
        return body(get("/orders", null, query)).get("next").textValue();
    }

    private static long height() {
        return database.query("select max(height) from ledger.block").getFirst().get(0, Long.class);
    }

    private static String sealedAt(long height) {
        return database.query("select to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                        + " from ledger.block where height = " + height)
                .getFirst()
                .get(0, String.class);
    }

    private static UUID place(String customer) {
        UUID orderId = UUID.randomUUID();
        ObjectNode order = Messages.order();
        ((ObjectNode) order.get("customer")).put("id", customer);
        ObjectNode message = Messages.placement(orderId, order);
        ((ObjectNode) message.get("detail")).put("requestedAt", Messages.REQUESTED_AT + placings++);
        Invocation.of(create, message.toString());
        return orderId;
    }

    private static void cancel(UUID orderId) {
        Invocation.of(
                cancel, Messages.cancellation(UUID.randomUUID(), orderId, "{}").toString());
    }

    private static JsonNode get(String resource, @Nullable UUID orderId, Map<String, String> query) {
        return answer(function, request(resource, orderId, query));
    }

    private static JsonNode answer(ListOrders function, ObjectNode request) {
        return Messages.json(Invocation.of(function, request.toString()));
    }

    private static ObjectNode request(String resource, @Nullable UUID orderId, Map<String, String> query) {
        ObjectNode request = Messages.resource("api-gateway-proxy-request.json").put("resource", resource);
        if (orderId != null) {
            request.putObject("pathParameters").put("orderId", orderId.toString());
        }
        ObjectNode single = request.putObject("queryStringParameters");
        ObjectNode several = request.putObject("multiValueQueryStringParameters");
        query.forEach((name, value) -> {
            single.put(name, value);
            several.putArray(name).add(value);
        });
        return request;
    }

    private static int status(JsonNode answer) {
        return answer.get("statusCode").intValue();
    }

    private static ObjectNode body(JsonNode answer) {
        return Messages.json(answer.get("body").textValue());
    }
}
