package io.orderledger.handlers.parked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.ledger.Erasure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManageParkedIT {
    private FunctionDatabase database;
    private CreateOrder create;
    private ManageParked manage;

    @BeforeEach
    void start() {
        database = new FunctionDatabase();
        create = new CreateOrder(database.environment("ledger_recorder"));
        manage = new ManageParked(database.environment("ledger_replayer"));
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void lists_what_waits_without_a_word_of_the_customer() {
        UUID eventId = UUID.randomUUID();
        park(invalid(eventId));

        ObjectNode answer = run("{\"verb\":\"list\",\"states\":[\"waiting\"],\"reasons\":[\"invalid\"]}");

        JsonNode message = answer.at("/messages/0");
        assertThat(message.path("eventId").asText()).isEqualTo(eventId.toString());
        assertThat(message.path("reason").asText()).isEqualTo("INVALID");
        assertThat(message.path("state").asText()).isEqualTo("WAITING");
        assertThat(message.path("requestedAt").asText()).isEqualTo("2026-11-22T18:43:48.123Z");
        assertThat(answer.toString()).doesNotContain("O'Brien", "Leeds");
        assertThat(run("{\"verb\":\"list\",\"reasons\":[\"CONFLICT\"]}").get("messages"))
                .isEmpty();
        assertThat(run("{\"verb\":\"count\"}").at("/groups/0/messages").intValue())
                .isEqualTo(1);
    }

    @Test
    void shows_one_message_and_its_personal_data_only_when_asked() {
        ObjectNode message = invalid(UUID.randomUUID());
        String id = park(message);

        ObjectNode withheld = run("{\"verb\":\"show\",\"id\":\"%s\"}".formatted(id.substring(0, 8)));
        ObjectNode all = run("{\"verb\":\"show\",\"id\":\"%s\",\"personalData\":true}".formatted(id));

        assertThat(withheld.get("found").intValue()).isEqualTo(1);
        assertThat(withheld.at("/content/detail/data/currency").asText()).isEqualTo("GBP");
        assertThat(withheld.toString()).doesNotContain("O'Brien");
        assertThat(new String(
                        Base64.getDecoder().decode(all.get("contentBase64").asText()), StandardCharsets.UTF_8))
                .isEqualTo(message.toString());
        assertThat(run("{\"verb\":\"show\",\"id\":\"00000000\"}").get("found").intValue())
                .isZero();
    }

    @Test
    void a_message_that_failed_is_recorded_once_it_can_be_and_only_once() {
        UUID eventId = UUID.randomUUID();
        ObjectNode message = Messages.placement(eventId, Messages.order());
        database.execute(
                "select ledger.refuse('%s', '%s', 'FAILED', 'LedgerFault P0001', 'test', convert_to('%s', 'UTF8'))"
                        .formatted(eventId, eventId, message.toString().replace("'", "''")));
        String id = run("{\"verb\":\"list\"}").at("/messages/0/id").asText();

        assertThat(outcome(act("replay", id, "the code was mended"))).isEqualTo("APPENDED");
        String once = database.contents();
        for (int i = 0; i < 3; i++) {
            assertThat(outcome(act("replay", id, "again"))).isEqualTo("ALREADY_RECORDED");
            assertThat(outcome(act("drop", id, "again"))).isEqualTo("ALREADY_RECORDED");
        }

        assertThat(database.listed(eventId)).isPresent();
        assertThat(database.contents()).isEqualTo(once);
        ObjectNode shown = run("{\"verb\":\"show\",\"id\":\"%s\"}".formatted(id));
        assertThat(shown.get("actions")).hasSize(1);
        assertThat(shown.at("/actions/0/actor").asText()).isEqualTo("ann");
        assertThat(shown.at("/actions/0/reason").asText()).isEqualTo("the code was mended");
    }

    @Test
    void what_is_still_wrong_goes_on_waiting_and_the_attempt_is_noted() {
        String id = park(invalid(UUID.randomUUID()));

        ObjectNode answer = act("replay", id, "maybe now");

        assertThat(outcome(answer)).isEqualTo("REFUSED");
        assertThat(answer.at("/results/0/detail").asText()).startsWith("INVALID: ");
        ObjectNode shown = run("{\"verb\":\"show\",\"id\":\"%s\"}".formatted(id));
        assertThat(shown.path("state").asText()).isEqualTo("WAITING");
        assertThat(shown.at("/actions/0/outcome").asText()).isEqualTo("REFUSED");
        assertThat(database.refused()).hasSize(1);
    }

    @Test
    void a_dropped_message_is_kept_and_waits_no_longer() {
        String id = park(invalid(UUID.randomUUID()));

        assertThat(outcome(act("drop", id, "a test order"))).isEqualTo("DROPPED");
        assertThat(outcome(act("replay", id, "after all"))).isEqualTo("ALREADY_DROPPED");

        assertThat(run("{\"verb\":\"list\",\"states\":[\"WAITING\"]}").get("messages"))
                .isEmpty();
        assertThat(run("{\"verb\":\"list\",\"states\":[\"DROPPED\"]}").get("messages"))
                .hasSize(1);
        assertThat(database.refused()).hasSize(1);
    }

    @Test
    void an_erased_message_cannot_be_tried_again_but_can_be_dropped() {
        String id = park(invalid(UUID.randomUUID()));
        new Erasure(database.server().as("ledger_eraser"), Duration.ofSeconds(30)).erase("lee", step -> {});

        assertThat(outcome(act("replay", id, "too late"))).isEqualTo("ERASED");
        assertThat(outcome(act("drop", id, "erased"))).isEqualTo("DROPPED");

        ObjectNode shown = run("{\"verb\":\"show\",\"id\":\"%s\",\"personalData\":true}".formatted(id));
        assertThat(shown.has("content")).isFalse();
        assertThat(shown.has("erasedAt")).isTrue();
        assertThat(shown.at("/actions/0/reason").asText()).isEqualTo("erased");
    }

    @Test
    void tells_of_a_message_that_is_not_there() {
        assertThat(outcome(act("replay", "00".repeat(32), "a test"))).isEqualTo("UNKNOWN");
        assertThat(outcome(act("drop", "00".repeat(32), "a test"))).isEqualTo("UNKNOWN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"verb\":\"erase\"}",
                "{\"verb\":\"list\",\"limit\":0}",
                "{\"verb\":\"list\",\"limit\":1001}",
                "{\"verb\":\"list\",\"after\":\"1\"}",
                "{\"verb\":\"list\",\"reasons\":[\"OTHER\"]}",
                "{\"verb\":\"list\",\"states\":[]}",
                "{\"verb\":\"list\",\"since\":\"noon\"}",
                "{\"verb\":\"list\",\"id\":\"1\"}",
                "{\"verb\":\"show\"}",
                "{\"verb\":\"show\",\"id\":\"1234567\"}",
                "{\"verb\":\"show\",\"id\":\"%_______\"}",
                "{\"verb\":\"drop\",\"ids\":[],\"actor\":\"a\",\"reason\":\"b\"}",
                "{\"verb\":\"drop\",\"ids\":[\"1\"],\"actor\":\"a\",\"reason\":\"b\"}",
                "{\"verb\":\"drop\",\"ids\":[\"ID\"],\"actor\":\"a\",\"reason\":\" \"}",
                "{\"verb\":\"drop\",\"ids\":[\"ID\"],\"actor\":\"\",\"reason\":\"b\"}",
                "{\"verb\":\"drop\",\"ids\":[\"ID\"],\"actor\":\"a\"}",
                "{\"verb\":\"drop\",\"ids\":[\"ID\"],\"actor\":\"a\",\"reason\":\"b\\u0000\"}",
                "{\"verb\":\"drop\",\"ids\":[\"ID\"],\"actor\":\"a\",\"reason\":\"b\",\"since\":\"2026-01-01T00:00:00Z\"}"
            })
    void refuses_an_event_that_does_not_fit(String event) {
        String request = event.replace("ID\"", "00".repeat(32) + "\"");

        assertThatThrownBy(() -> run(request)).isInstanceOf(InvalidRequest.class);
    }

    private ObjectNode act(String verb, String id, String reason) {
        return run(
                "{\"verb\":\"%s\",\"ids\":[\"%s\"],\"actor\":\"ann\",\"reason\":\"%s\"}".formatted(verb, id, reason));
    }

    private static String outcome(ObjectNode answer) {
        return answer.at("/results/0/outcome").asText();
    }

    private ObjectNode run(String request) {
        return Messages.json(Invocation.of(manage, request));
    }

    /** Sends a message that cannot be recorded, and gives the ID under which it is parked. */
    private String park(ObjectNode message) {
        Invocation.of(create, message.toString());
        return run("{\"verb\":\"list\"}").at("/messages/0/id").asText();
    }

    private static ObjectNode invalid(UUID eventId) {
        return Messages.placement(eventId, Messages.order().put("priority", 1));
    }
}
