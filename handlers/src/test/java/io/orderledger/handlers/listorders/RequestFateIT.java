package io.orderledger.handlers.listorders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.NewEvent;
import io.orderledger.ledger.RecordedEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /requests/{eventId}}: what became of a request that was answered 200. */
class RequestFateIT {
    private static FunctionDatabase database;
    private static CreateOrder create;
    private static ListOrders list;

    @BeforeAll
    static void start() {
        database = new FunctionDatabase();
        create = new CreateOrder(database.environment("ledger_recorder"));
        list = new ListOrders(database.environment("ledger_reader"));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void a_recorded_request_is_told_with_its_place_in_the_ledger() {
        UUID eventId = UUID.randomUUID();
        Invocation.of(create, Messages.placement(eventId, Messages.order()).toString());

        JsonNode answer = get(eventId.toString());

        RecordedEvent event = database.history(eventId).getFirst();
        assertThat(answer.get("statusCode").intValue()).isEqualTo(200);
        assertThat(answer.get("headers").has("Retry-After")).isFalse();
        JsonNode body = body(answer);
        assertThat(body.get("state").textValue()).isEqualTo("RECORDED");
        assertThat(body.get("eventId").textValue()).isEqualTo(eventId.toString());
        assertThat(body.get("orderId").textValue()).isEqualTo(eventId.toString());
        assertThat(body.get("type").textValue()).isEqualTo("OrderPlaced");
        assertThat(body.get("version").intValue()).isEqualTo(1);
        assertThat(body.get("position").longValue()).isEqualTo(event.position());
        assertThat(body.get("block").longValue()).isEqualTo(event.block().orElseThrow());
        assertThat(Instant.parse(body.get("recordedAt").textValue())).isEqualTo(event.recordedAt());
        assertThat(body.get("refusedRequests").intValue()).isZero();
        assertThat(body.size()).isEqualTo(9);
    }

    @Test
    void an_event_that_no_block_seals_yet_is_recorded_and_its_block_is_null() {
        UUID eventId = UUID.randomUUID();
        new Ledger(database.server().as("ledger_writer"))
                .append(
                        new NewEvent(
                                eventId,
                                UUID.randomUUID(),
                                "OrderCancelled",
                                (short) 1,
                                Messages.JSON.createObjectNode(),
                                Optional.empty(),
                                Messages.JSON.createObjectNode(),
                                Instant.now()),
                        new ExpectedVersion.Any());

        JsonNode body = body(get(eventId.toString()));

        assertThat(body.get("state").textValue()).isEqualTo("RECORDED");
        assertThat(body.get("block").isNull()).isTrue();
    }

    @Test
    void a_refused_request_is_told_with_its_reason_and_nothing_that_it_said() {
        UUID eventId = UUID.randomUUID();
        ObjectNode order = Messages.order();
        order.put("Lee O'Brien, 1 High Street", "a name that its sender made up");
        Invocation.of(create, Messages.placement(eventId, order).toString());

        JsonNode answer = get(eventId.toString());

        JsonNode body = body(answer);
        assertThat(answer.get("statusCode").intValue()).isEqualTo(200);
        assertThat(body.get("state").textValue()).isEqualTo("REFUSED");
        assertThat(body.get("reason").textValue()).isEqualTo("INVALID");
        assertThat(Instant.parse(body.get("refusedAt").textValue())).isBeforeOrEqualTo(Instant.now());
        assertThat(body.get("refusedRequests").intValue()).isEqualTo(1);
        assertThat(body.size()).isEqualTo(5);
        assertThat(answer.toString()).doesNotContain("Lee", "High Street", "made up");
    }

    @Test
    void a_recorded_request_tells_that_others_under_its_id_were_refused() {
        UUID eventId = UUID.randomUUID();
        Invocation.of(create, Messages.placement(eventId, Messages.order()).toString());
        for (int quantity = 3; quantity <= 4; quantity++) {
            ObjectNode other = Messages.order();
            ((ObjectNode) other.at("/items/0")).put("quantity", quantity);
            Invocation.of(create, Messages.placement(eventId, other).toString());
            Invocation.of(create, Messages.placement(eventId, other).toString());
        }

        JsonNode body = body(get(eventId.toString()));

        assertThat(body.get("state").textValue()).isEqualTo("RECORDED");
        assertThat(body.get("refusedRequests").intValue()).isEqualTo(2);
    }

    @Test
    void an_id_that_nothing_is_known_of_is_not_recorded_and_worth_another_look() {
        UUID eventId = UUID.randomUUID();

        JsonNode answer = get(eventId.toString());

        assertThat(answer.get("statusCode").intValue()).isEqualTo(200);
        assertThat(answer.at("/headers/Retry-After").textValue()).matches("[1-9][0-9]*");
        assertThat(answer.at("/headers/Cache-Control").textValue()).isEqualTo("no-store");
        assertThat(body(answer))
                .isEqualTo(Messages.json("{\"eventId\":\"" + eventId + "\",\"state\":\"NOT_RECORDED\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "8e03978e-40d5-43e8-bc93-6894a57f932", "not-a-uuid", "%27%3B--"})
    void what_is_no_uuid_is_refused(String eventId) {
        JsonNode answer = get(eventId);

        assertThat(answer.get("statusCode").intValue()).isEqualTo(400);
        assertThat(body(answer).get("detail").textValue()).isEqualTo("eventId must be a UUID");
    }

    @Test
    void an_unknown_parameter_is_refused() {
        ObjectNode request = request(UUID.randomUUID().toString());
        request.putObject("multiValueQueryStringParameters").putArray("asOf").add("1");

        assertThat(Messages.json(Invocation.of(list, request.toString()))
                        .get("statusCode")
                        .intValue())
                .isEqualTo(400);
    }

    private static JsonNode get(String eventId) {
        return Messages.json(Invocation.of(list, request(eventId).toString()));
    }

    private static ObjectNode request(String eventId) {
        ObjectNode request = Messages.resource("api-gateway-proxy-request.json")
                .put("resource", "/requests/{eventId}")
                .put("path", "/requests/" + eventId);
        request.putObject("pathParameters").put("eventId", eventId);
        request.putNull("queryStringParameters").putNull("multiValueQueryStringParameters");
        return request;
    }

    private static ObjectNode body(JsonNode answer) {
        return Messages.json(answer.get("body").textValue());
    }
}
