package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option {@code -o}, and what it means for success and failure alike. */
final class OutputOption {
    private static final JsonMapper JSON = new JsonMapper();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.table;

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec command;

    boolean isTable() {
        return format == OutputFormat.table;
    }

    /** Runs a command; its failure is told as JSON too, if JSON was asked for. */
    int run(Callable<Integer> work) throws Exception {
        try {
            return work.call();
        } catch (RuntimeException e) {
            if (isTable()) {
                throw e;
            }
            String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            ObjectNode envelope = envelope("could-not-run");
            envelope.putObject("error").put("message", message);
            print(envelope);
            return OrderLedger.COULD_NOT_RUN;
        }
    }

    /**
     * Prints what was found, in one of the JSON formats.
     *
     * @param list the field of the data whose elements are the lines of ndjson; empty for the whole
     */
    void print(int exitCode, ObjectNode data, String list) {
        if (format == OutputFormat.ndjson) {
            if (list.isEmpty()) {
                print(data);
            } else {
                data.path(list).forEach(this::print);
            }
            return;
        }
        ObjectNode envelope = envelope(exitCode == OrderLedger.DONE ? "done" : "found-wrong");
        envelope.set("data", data);
        print(envelope);
    }

    private ObjectNode envelope(String status) {
        String name = command.qualifiedName().replaceFirst("^order-ledger ", "");
        return JSON.createObjectNode().put("command", name).put("status", status);
    }

    private void print(JsonNode json) {
        command.commandLine().getOut().println(format == OutputFormat.json ? json.toPrettyString() : json.toString());
        command.commandLine().getOut().flush();
    }
}
