package io.orderledger.handlers.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.ledger.RecordedEvent;
import io.orderledger.projections.orders.OrderStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayDeadLettersIT {
    private static QueueServer queues;
    private static FunctionDatabase database;

    private String rule;
    private String function;
    private String workflow;
    private ReplayDeadLetters replay;

    @BeforeAll
    static void startServers() {
        database = new FunctionDatabase();
        queues = new QueueServer();
    }

    @AfterAll
    static void stopServers() {
        queues.close();
        database.close();
    }

    @BeforeEach
    void createQueues() {
        String name = UUID.randomUUID().toString();
        rule = queues.create("rule-" + name);
        function = queues.create("function-" + name);
        workflow = queues.create("workflow-" + name);
        replay = new ReplayDeadLetters(environment(), Duration.ZERO);
    }

    @Test
    void replays_what_the_rule_could_not_deliver() {
        UUID orderId = UUID.randomUUID();
        queues.send(rule, Messages.keylessPlacement(orderId, Messages.order()).toString());

        assertThat(run()).isEqualTo(counts("rule", 1, 0, 0, 0, false));

        assertThat(database.listed(orderId)).isPresent();
        assertThat(queues.size(rule)).isZero();
    }

    @Test
    void replays_what_the_function_could_not_append() {
        UUID orderId = UUID.randomUUID();
        queues.send(function, onFailure(Messages.placement(orderId, Messages.order())));

        assertThat(run()).isEqualTo(counts("function", 1, 0, 0, 0, false));

        assertThat(database.listed(orderId)).isPresent();
        assertThat(queues.size(function)).isZero();
    }

    @Test
    void replays_what_other_services_reported_whichever_of_the_two_did_not_get_it() {
        UUID orderId = UUID.randomUUID();
        Instant at = Instant.ofEpochMilli(Messages.REQUESTED_AT);
        queues.send(
                rule,
                Messages.report("OrderDispatched", UUID.randomUUID(), orderId, at)
                        .toString());
        queues.send(function, onFailure(Messages.report("OrderDelivered", UUID.randomUUID(), orderId, at)));
        queues.send(
                function,
                onFailure(Messages.replayed(
                        Messages.report("OrderPrepared", UUID.randomUUID(), orderId, at), "after the outage")));

        ObjectNode answer = run();

        assertThat(answer.get("appended").intValue()).isEqualTo(3);
        assertThat(database.history(orderId))
                .extracting(RecordedEvent::type)
                .containsExactlyInAnyOrder("OrderPrepared", "OrderDispatched", "OrderDelivered");
        assertThat(queues.size(rule) + queues.size(function)).isZero();
    }

    @Test
    void replays_what_the_workflow_could_not_record() {
        UUID orderId = UUID.randomUUID();
        ObjectNode message = Messages.cancellation(UUID.randomUUID(), orderId, "{\"reason\":\"late\"}");
        message.putObject("failure").put("error", "Lambda.Unknown").put("cause", "");
        queues.send(workflow, message.toString());

        assertThat(run()).isEqualTo(counts("workflow", 1, 0, 0, 0, false));

        assertThat(database.history(orderId)).extracting(RecordedEvent::type).containsExactly("OrderCancelled");
        assertThat(queues.size(workflow)).isZero();
    }

    @Test
    void takes_the_same_event_for_the_same_whichever_queue_it_comes_from() {
        ObjectNode event = Messages.keylessPlacement(UUID.randomUUID(), Messages.order());
        queues.send(rule, event.toString());
        queues.send(function, onFailure(event));
        queues.send(workflow, event.toString());

        ObjectNode answer = run();

        assertThat(answer.get("appended").intValue()).isEqualTo(1);
        assertThat(answer.get("duplicate").intValue()).isEqualTo(2);
    }

    @Test
    void replaying_everything_three_times_leaves_ledger_and_view_alike() {
        UUID orderId = UUID.randomUUID();
        List<Runnable> deadLetters = List.of(
                () -> queues.send(
                        rule,
                        Messages.keylessPlacement(orderId, Messages.order()).toString()),
                () -> queues.send(
                        function,
                        onFailure(Messages.placement(
                                UUID.fromString("8e03978e-40d5-43e8-bc93-6894a57f9324"), Messages.order()))),
                () -> queues.send(
                        workflow,
                        Messages.cancellation(UUID.fromString("0b9a1f4e-6a38-4d0a-9c3d-1d5a7e1f2a3b"), orderId, "{}")
                                .toString()),
                () -> queues.send(rule, "no message"));

        deadLetters.forEach(Runnable::run);
        run();
        String once = database.contents();
        for (int i = 0; i < 2; i++) {
            deadLetters.reversed().forEach(Runnable::run);
            ObjectNode answer = run();
            assertThat(answer.get("duplicate").intValue()).isEqualTo(3);
            assertThat(answer.get("refused").intValue()).isEqualTo(1);
        }

        assertThat(database.contents()).isEqualTo(once);
        assertThat(database.listed(orderId))
                .hasValueSatisfying(order -> assertThat(order.status()).isEqualTo(OrderStatus.CANCELLED));
        assertThat(queues.size(rule) + queues.size(function) + queues.size(workflow))
                .isZero();
    }

    @Test
    void keeps_what_can_never_succeed_and_takes_it_off_the_queue() {
        UUID eventId = UUID.randomUUID();
        queues.send(rule, Messages.placement(eventId, Messages.order()).toString());
        run();
        ObjectNode conflicting = Messages.placement(eventId, Messages.order().put("currency", "EUR"));
        ObjectNode invalid =
                Messages.placement(UUID.randomUUID(), Messages.order().put("priority", 1));
        queues.send(function, onFailure(conflicting));
        queues.send(function, onFailure(invalid));
        String noise = "{\"requestPayload\":" + UUID.randomUUID();
        queues.send(function, noise);

        assertThat(run()).isEqualTo(counts("function", 0, 0, 3, 0, false));

        assertThat(queues.size(function)).isZero();
        assertThat(database.refused())
                .extracting(FunctionDatabase.Kept::reason, FunctionDatabase.Kept::path, FunctionDatabase.Kept::message)
                .contains(
                        tuple("CONFLICT", "replay-dead-letters", bytes(conflicting.toString())),
                        tuple("INVALID", "replay-dead-letters", bytes(invalid.toString())),
                        tuple("INVALID", "replay-dead-letters", bytes(noise)));
    }

    @Test
    void leaves_messages_in_their_queue_while_the_database_is_away() throws IOException {
        for (int i = 0; i < 12; i++) {
            queues.send(
                    rule,
                    Messages.placement(UUID.randomUUID(), Messages.order()).toString());
        }
        Map<String, String> environment = environment();
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("PGPORT", Integer.toString(socket.getLocalPort()));
        }

        ObjectNode answer = essentials(Invocation.of(new ReplayDeadLetters(environment, Duration.ZERO), "{}"));

        // It gives up soon: what fails one after the other is no matter of single messages.
        assertThat(answer).isEqualTo(counts("rule", 0, 0, 0, 3, true));
        assertThat(queues.size(rule)).isEqualTo(12);
        assertThat(queues.visible(rule)).hasSize(10);

        assertThat(run()).isEqualTo(counts("rule", 12, 0, 0, 0, false));
    }

    @Test
    void goes_on_after_a_message_that_fails_by_itself_and_leaves_that_one() throws IOException {
        UUID blocked = UUID.randomUUID();
        UUID free = UUID.randomUUID();
        queues.send(rule, Messages.placement(blocked, Messages.order()).toString());
        queues.send(rule, Messages.placement(free, Messages.order()).toString());
        String refuseOne = """
                create function ledger.block_one() returns trigger language plpgsql as $$
                begin raise exception using errcode = '57000', message = 'blocked'; end $$;
                create trigger block_one before insert on ledger.event for each row
                when (new.event_id = '%s') execute function ledger.block_one();""".formatted(blocked);
        database.execute(refuseOne);

        assertThat(run()).isEqualTo(counts("rule", 1, 0, 0, 1, true));

        assertThat(database.listed(free)).isPresent();
        assertThat(queues.visible(rule)).hasSize(1);
        database.execute("drop trigger block_one on ledger.event");
        assertThat(run()).isEqualTo(counts("rule", 1, 0, 0, 0, false));
    }

    @Test
    void does_as_many_messages_as_it_is_asked_for() {
        for (int i = 0; i < 15; i++) {
            queues.send(
                    rule,
                    Messages.placement(UUID.randomUUID(), Messages.order()).toString());
        }

        assertThat(essentials(Invocation.of(replay, "{\"maxMessages\":11}")))
                .isEqualTo(counts("rule", 11, 0, 0, 0, true));
        assertThat(queues.visible(rule)).hasSize(4);
        assertThat(run()).isEqualTo(counts("rule", 4, 0, 0, 0, false));
    }

    @Test
    void begins_nothing_when_its_time_is_nearly_over() {
        queues.send(
                rule, Messages.placement(UUID.randomUUID(), Messages.order()).toString());

        String answer = Invocation.of(replay, bytes("{}").array(), Duration.ofSeconds(10));

        assertThat(essentials(answer)).isEqualTo(counts("rule", 0, 0, 0, 0, true));
        assertThat(queues.visible(rule)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"maxMessages\":0}",
                "{\"maxMessages\":\"1\"}",
                "{\"maxMessages\":1.5}",
                "{\"messagesPerSecond\":0}",
                "{\"messagesPerSecond\":1001}",
                "{\"dryRun\":\"yes\"}",
                "{\"list\":5}",
                "{\"message\":\"x\"}",
                "{\"dryRun\":true,\"list\":1,\"message\":\"\"}",
                "{\"dryRun\":true,\"list\":1001}",
                "{\"queues\":[]}",
                "{\"queues\":[\"another\"]}",
                "{\"queues\":\"rule\"}",
                "{\"reasons\":[1]}",
                "{\"since\":\"yesterday\"}",
                "{\"since\":1}",
                "{\"since\":\"2026-11-20T12:00:00Z\",\"until\":\"2026-11-20T12:00:00Z\"}",
                "{\"everything\":true}",
                "[]",
                ""
            })
    void refuses_an_event_that_does_not_fit(String event) {
        assertThatThrownBy(() -> Invocation.of(replay, event)).isInstanceOf(InvalidRequest.class);
    }

    private ObjectNode run() {
        return essentials(Invocation.of(replay, "{}"));
    }

    /** The counts, without what says how the run ended. */
    private static ObjectNode essentials(String answer) {
        return Messages.json(answer).without(List.of("stopped", "failure", "waiting"));
    }

    private Map<String, String> environment() {
        Map<String, String> environment = database.environment("ledger_replayer");
        environment.put("AWS_ENDPOINT_URL_SQS", queues.endpoint());
        environment.put("RULE_DEAD_LETTER_QUEUE_URL", rule);
        environment.put("FUNCTION_DEAD_LETTER_QUEUE_URL", function);
        environment.put("WORKFLOW_DEAD_LETTER_QUEUE_URL", workflow);
        return environment;
    }

    private static String onFailure(ObjectNode event) {
        ObjectNode failure = Messages.resource("lambda-on-failure-record.json");
        failure.set("requestPayload", event);
        return failure.toString();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The answer when only one queue had messages. */
    private static ObjectNode counts(
            String queue, long appended, long duplicate, long refused, long failed, boolean remaining) {
        ObjectNode answer = tally(appended, duplicate, refused, failed).put("remaining", remaining);
        ObjectNode perQueue = answer.putObject("queues");
        for (String name : List.of("rule", "function", "workflow")) {
            perQueue.set(name, name.equals(queue) ? tally(appended, duplicate, refused, failed) : tally(0, 0, 0, 0));
        }
        return answer;
    }

    private static ObjectNode tally(long appended, long duplicate, long refused, long failed) {
        return Messages.json(
                "{\"appended\":%d,\"duplicate\":%d,\"refused\":%d,\"parked\":0,\"failed\":%d,\"passedOver\":0}"
                        .formatted(appended, duplicate, refused, failed));
    }
}
