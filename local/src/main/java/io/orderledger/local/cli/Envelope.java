package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Model.CommandSpec;

/** The one JSON document by which each command tells success and failure. */
final class Envelope {
    private Envelope() {}

    static ObjectNode of(CommandSpec command, Answer answer) {
        ObjectNode envelope =
                envelope(command, answer.exitCode() == OrderLedger.DONE ? "done" : "found-wrong", answer.exitCode());
        envelope.set("data", answer.data());
        answer.next().ifPresent(next -> envelope.put("next", next));
        return envelope;
    }

    static ObjectNode couldNotRun(CommandSpec command, String message, String next) {
        ObjectNode envelope = envelope(command, "could-not-run", OrderLedger.COULD_NOT_RUN);
        envelope.putObject("error").put("message", message);
        return envelope.put("next", next);
    }

    private static ObjectNode envelope(CommandSpec command, String status, int exitCode) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("command", nameOf(command))
                .put("status", status)
                .put("exitCode", exitCode);
    }

    /** The verb, without the program; the program itself where there is no verb. */
    private static String nameOf(CommandSpec command) {
        return command.qualifiedName().replaceFirst("^order-ledger ", "");
    }
}
