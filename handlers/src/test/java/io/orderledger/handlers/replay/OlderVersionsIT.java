package io.orderledger.handlers.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.ledger.RecordedEvent;
import io.orderledger.projections.orders.ListedOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of every schema version, whenever they come: before or after the deployment that brought the newest one. */
class OlderVersionsIT {
    private final UUID orderId = UUID.randomUUID();

    private QueueServer queues;
    private FunctionDatabase database;
    private CreateOrder create;
    private ReplayDeadLetters replay;
    private String deadLetters;

    @BeforeEach
    void start() {
        queues = new QueueServer();
        database = new FunctionDatabase();
        deadLetters = queues.create("rule");
        Map<String, String> environment = database.environment("ledger_replayer");
        create = new CreateOrder(environment);
        environment.put("AWS_ENDPOINT_URL_SQS", queues.endpoint());
        environment.put("RULE_DEAD_LETTER_QUEUE_URL", deadLetters);
        environment.put("FUNCTION_DEAD_LETTER_QUEUE_URL", queues.create("function"));
        environment.put("WORKFLOW_DEAD_LETTER_QUEUE_URL", queues.create("workflow"));
        replay = new ReplayDeadLetters(environment, Duration.ZERO);
    }

    @AfterEach
    void stop() {
        queues.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_message_that_is_replayed_is_a_duplicate_of_what_its_version_recorded(int schemaVersion) {
        String message = placement(schemaVersion);
        Invocation.of(create, message);
        String once = database.contents();
        queues.send(deadLetters, message);

        assertThat(replayed("duplicate")).isEqualTo(1);

        assertThat(database.contents()).isEqualTo(once);
        assertThat(database.history(orderId))
                .extracting(RecordedEvent::schemaVersion)
                .containsExactly((short) schemaVersion);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_message_that_waited_is_recorded_under_its_own_version_and_listed(int schemaVersion) {
        queues.send(deadLetters, placement(schemaVersion));

        assertThat(replayed("appended")).isEqualTo(1);

        assertThat(database.history(orderId))
                .extracting(RecordedEvent::schemaVersion)
                .containsExactly((short) schemaVersion);
        assertThat(database.listed(orderId))
                .hasValueSatisfying(order -> assertThat(List.of(order))
                        .extracting(ListedOrder::customerId, ListedOrder::currency, ListedOrder::total)
                        .containsExactly(tuple("lee", "GBP", 1_900L)));
    }

    /** The same request sent again across a deployment: nothing changes, and what was sent is kept. */
    @Test
    void a_key_that_comes_again_under_another_version_is_a_conflict() {
        Invocation.of(create, placement(1));
        List<RecordedEvent> recorded = database.history(orderId);

        Invocation.of(create, placement(2));

        assertThat(database.history(orderId)).isEqualTo(recorded);
        assertThat(database.refused()).extracting(FunctionDatabase.Kept::reason).containsExactly("CONFLICT");
    }

    private int replayed(String outcome) {
        return Messages.json(Invocation.of(replay, "{}")).get(outcome).intValue();
    }

    private String placement(int schemaVersion) {
        ObjectNode order = Messages.order();
        if (schemaVersion == 1) {
            order.remove("channel");
        }
        ObjectNode message = Messages.placement(orderId, order);
        message.withObject("/detail").put("schemaVersion", schemaVersion);
        return message.toString();
    }
}
