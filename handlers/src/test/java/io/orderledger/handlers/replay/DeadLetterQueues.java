package io.orderledger.handlers.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Messages;
import java.util.Map;
import java.util.UUID;

/** Three queues of one's own, and messages in the three formats. */
final class DeadLetterQueues {
    private final QueueServer server;
    final String rule;
    final String function;
    final String workflow;

    DeadLetterQueues(QueueServer server) {
        this.server = server;
        String name = UUID.randomUUID().toString();
        this.rule = server.create("rule-" + name);
        this.function = server.create("function-" + name);
        this.workflow = server.create("workflow-" + name);
    }

    Map<String, String> environment(FunctionDatabase database) {
        Map<String, String> environment = database.environment("ledger_replayer");
        environment.put("AWS_ENDPOINT_URL_SQS", server.endpoint());
        environment.put("RULE_DEAD_LETTER_QUEUE_URL", rule);
        environment.put("FUNCTION_DEAD_LETTER_QUEUE_URL", function);
        environment.put("WORKFLOW_DEAD_LETTER_QUEUE_URL", workflow);
        return environment;
    }

    /** What EventBridge could not deliver. */
    void undelivered(ObjectNode event, String errorCode) {
        server.send(rule, event.toString(), errorCode);
    }

    /** What a function failed at. */
    void failed(ObjectNode event, String errorType) {
        ObjectNode record = Messages.resource("lambda-on-failure-record.json");
        record.withObject("/responsePayload").put("errorType", errorType);
        record.set("requestPayload", event);
        server.send(function, record.toString());
    }

    /** What the workflow kept. */
    void kept(ObjectNode message, String error) {
        ObjectNode kept = message.deepCopy();
        kept.putObject("failure").put("error", error).put("cause", "");
        server.send(workflow, kept.toString());
    }

    int size() {
        return server.size(rule) + server.size(function) + server.size(workflow);
    }

    /** How many messages anybody could receive now, up to ten a queue. */
    int visible() {
        return server.visible(rule).size()
                + server.visible(function).size()
                + server.visible(workflow).size();
    }

    static ObjectNode placedAt(UUID eventId, long requestedAt) {
        ObjectNode event = Messages.placement(eventId, Messages.order());
        event.withObject("/detail").put("requestedAt", requestedAt);
        return event;
    }
}
