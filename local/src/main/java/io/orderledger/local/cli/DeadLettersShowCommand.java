package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code order-ledger dead-letters show}. */
@Command(
        name = "show",
        description = {
            "Shows one parked message and what was done about it; or, by --queue, one message of a dead-letter queue.",
            "What may be personal data is withheld; of a parked message, whoever may see it asks for it by --personal-data."
        })
final class DeadLettersShowCommand extends ReportingCommand {
    private static final List<String> FACTS = List.of(
            "id",
            "messageId",
            "queue",
            "reason",
            "code",
            "state",
            "detail",
            "path",
            "eventId",
            "orderId",
            "requestedAt",
            "refusedAt",
            "erasedAt",
            "receives");

    @Parameters(
            paramLabel = "ID",
            description =
                    "The parked message's ID, or at least the first 8 of its digits; with --queue the message's ID in SQS.")
    private String id = "";

    @Option(names = "--personal-data", description = "Show a parked message as it came, personal data and all.")
    private boolean personalData;

    @Mixin
    private QueueOption queue = new QueueOption();

    @Mixin
    private ParkedPlace place = new ParkedPlace();

    @Override
    Answer answer() {
        ObjectNode message = queue.isGiven() ? waiting() : parked();
        return Answer.done(message, screen -> print(message, screen));
    }

    private ObjectNode parked() {
        try (FunctionCall function = place.open()) {
            return DeadLettersCommand.found(function, id, personalData);
        }
    }

    private ObjectNode waiting() {
        if (personalData) {
            throw new IllegalArgumentException("--personal-data is for parked messages, not for a --queue");
        }
        output().err().println("order-ledger: " + QueueOption.warning());
        output().err().flush();
        ObjectNode found;
        try (FunctionCall function = place.queues()) {
            found = function.answer(queue.look(1).put("message", id));
        }
        if (found.path("messages").path(0) instanceof ObjectNode message) {
            return message;
        }
        throw new CannotRun(
                "the queue has no message " + Screen.printable(id) + ", or somebody else is holding it",
                "dead-letters list --queue all" + place.asOption());
    }

    private static void print(ObjectNode message, Screen screen) {
        FACTS.stream()
                .filter(message::has)
                .forEach(fact -> screen.fact(fact, message.path(fact).asText()));
        for (JsonNode action : message.path("actions")) {
            screen.fact(
                    "action",
                    "%s %s by %s: %s"
                            .formatted(
                                    action.path("actedAt").asText(),
                                    action.path("outcome").asText(),
                                    action.path("actor").asText(),
                                    action.path("reason").asText()));
        }
        if (message.has("content")) {
            JsonNode content = message.path("content");
            screen.line("%s", content.isTextual() ? Screen.printable(content.asText()) : content.toPrettyString());
        }
    }
}
