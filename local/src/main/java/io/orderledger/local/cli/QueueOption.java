package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The dead-letter queues to look into, instead of the ledger. To look is an explicit act, because it hides what it looks at. */
final class QueueOption {
    private static final String ALL = "all";

    @Option(
            names = "--queue",
            paramLabel = "NAME",
            description = {
                "Look into this dead-letter queue: rule, function, workflow or all. Can be given several times.",
                "While the queue is looked into, nobody else can receive its messages, and SQS counts the look as one more receive."
            })
    private List<String> queues = new ArrayList<>();

    boolean isGiven() {
        return !queues.isEmpty();
    }

    /** A request of the replaying function that looks, and changes nothing. */
    ObjectNode look(int list) {
        ObjectNode request = Answer.object().put("dryRun", true).put("list", list);
        if (!queues.contains(ALL)) {
            ArrayNode names = request.putArray("queues");
            queues.forEach(names::add);
        }
        return request;
    }

    /** Said before it looks. */
    static String warning() {
        return "looking into the queues; their messages are hidden from others until it is done";
    }
}
