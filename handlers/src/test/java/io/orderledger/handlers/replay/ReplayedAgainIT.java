package io.orderledger.handlers.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.handlers.metrics.WrittenMetrics;
import io.orderledger.handlers.parked.ManageParked;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Once everything has been recorded or refused, nothing that is replayed, in whatever way and however often, changes anything more. */
@SuppressWarnings("NullAway.Init") // jqwik's lifecycle sets the fields
class ReplayedAgainIT {
    /** Two orders, a cancellation of one of them, a conflict and two messages that nobody can read. */
    private static final List<ObjectNode> MESSAGES = messages();

    private static QueueServer server;
    private static FunctionDatabase database;
    private static DeadLetterQueues queues;
    private static RequestStreamHandler create;
    private static RequestStreamHandler replay;
    private static RequestStreamHandler byItself;
    private static RequestStreamHandler manage;
    private static String once;

    /** The ways that a message comes back. */
    private enum Way {
        RULE,
        FUNCTION,
        WORKFLOW,
        ARCHIVE,
        PARKED
    }

    /** What empties the queues. */
    private enum Run {
        EVERYTHING,
        ONE_BY_ONE,
        A_SELECTION,
        A_LOOK,
        BY_ITSELF
    }

    private record Delivery(int message, Way way, Run run) {}

    @BeforeContainer
    static void start() {
        server = new QueueServer();
        database = new FunctionDatabase();
        queues = new DeadLetterQueues(server);
        create = new CreateOrder(database.environment("ledger_recorder"));
        replay = new ReplayDeadLetters(queues.environment(database), Duration.ZERO);
        byItself = new ReplayByItself(queues.environment(database), Duration.ZERO, new WrittenMetrics().metrics());
        manage = new ManageParked(database.environment("ledger_replayer"));
        MESSAGES.forEach(message -> queues.undelivered(message, "TIMEOUT"));
        Invocation.of(replay, "{}");
        once = database.contents();
    }

    @AfterContainer
    static void stop() {
        server.close();
        database.close();
    }

    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void nothing_changes_any_more(@ForAll("deliveries") List<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            send(delivery);
            run(delivery.run());
        }
        run(Run.EVERYTHING);

        assertThat(queues.size()).isZero();
        assertThat(database.contents()).isEqualTo(once);
    }

    @Provide
    Arbitrary<List<Delivery>> deliveries() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, MESSAGES.size() - 1),
                        Arbitraries.of(Way.class),
                        Arbitraries.of(Run.class))
                .as(Delivery::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(15);
    }

    private static void send(Delivery delivery) {
        ObjectNode message = MESSAGES.get(delivery.message());
        switch (delivery.way()) {
            case RULE -> queues.undelivered(message, "TIMEOUT");
            case FUNCTION -> queues.failed(message, "io.orderledger.ledger.LedgerUnavailable");
            case WORKFLOW -> server.send(queues.workflow, message.toString());
            case ARCHIVE -> {
                // The rule takes placings only.
                if (message.path("detail-type").asText().equals("OrderPlacementRequested")) {
                    Invocation.of(
                            create,
                            message.deepCopy()
                                    .put("replay-name", "replay " + UUID.randomUUID())
                                    .toString());
                }
            }
            case PARKED -> replayParked();
        }
    }

    private static void run(Run run) {
        switch (run) {
            case EVERYTHING -> Invocation.of(replay, "{}");
            case ONE_BY_ONE -> Invocation.of(replay, "{\"maxMessages\":1}");
            case A_SELECTION ->
                Invocation.of(replay, "{\"reasons\":[\"timed-out\"],\"since\":\"2026-01-01T00:00:00Z\"}");
            case A_LOOK -> Invocation.of(replay, "{\"dryRun\":true,\"list\":5}");
            case BY_ITSELF -> Invocation.of(byItself, "{}");
        }
    }

    private static void replayParked() {
        ObjectNode request = Messages.json("{\"verb\":\"replay\",\"actor\":\"a test\",\"reason\":\"again\"}");
        ArrayNode ids = request.putArray("ids");
        Messages.json(Invocation.of(manage, "{\"verb\":\"list\"}"))
                .get("messages")
                .forEach(message -> ids.add(message.get("id")));
        Invocation.of(manage, request.toString());
    }

    private static List<ObjectNode> messages() {
        UUID order = UUID.randomUUID();
        ObjectNode second = Messages.keylessPlacement(UUID.randomUUID(), Messages.order());
        return List.of(
                Messages.placement(order, Messages.order()),
                second,
                Messages.cancellation(UUID.randomUUID(), order, "{\"reason\":\"late\"}"),
                Messages.placement(order, Messages.order().put("currency", "EUR")),
                Messages.placement(UUID.randomUUID(), Messages.order().put("priority", 1)),
                Messages.json("{\"detail-type\":\"OrderPlacementRequested\",\"detail\":{}}"));
    }
}
