package io.orderledger.local.instance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.bus.EventBus;
import io.orderledger.local.database.LocalDatabase;
import io.orderledger.local.definitions.QueueDefinition;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.deliveries.DeliveryStore;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.gateway.LocalRoute;
import io.orderledger.local.queues.Queues;

/**
 * What {@code GET /health} answers: which parts are up, how many events wait for a function, how many dead letters wait for a
 * replay. 200 while requests are accepted: with the database away they still are, without room on the disk they are not, and it is 503.
 */
final class Health {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final JsonMapper JSON = new JsonMapper();

    private final LocalDatabase database;
    private final DeliveryStore deliveries;
    private final EventBus bus;
    private final Functions functions;
    private final Queues queues;
    private final Stack stack;

    Health(
            LocalDatabase database,
            DeliveryStore deliveries,
            EventBus bus,
            Functions functions,
            Queues queues,
            Stack stack) {
        this.database = database;
        this.deliveries = deliveries;
        this.bus = bus;
        this.functions = functions;
        this.queues = queues;
        this.stack = stack;
    }

    LocalRoute.Answer report() {
        boolean takesEvents = deliveries.isUsable();
        ObjectNode report = JSON.createObjectNode()
                .put("api", "up")
                .put("bus", takesEvents ? "up" : "down")
                .put("database", database.isUp() ? "up" : "down")
                .put("inFlight", bus.waiting() + functions.waiting());
        ObjectNode deadLetters = report.putObject("deadLetters");
        for (QueueDefinition queue : stack.queues()) {
            deadLetters.put(queue.logicalId(), queues.messages(queue.arn()));
        }
        return new LocalRoute.Answer(takesEvents ? OK : UNAVAILABLE, "application/json", report.toString());
    }
}
