package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * The option {@code -o}, and how every command tells what it found: for people on standard output, or in one of the JSON formats.
 * docs/command-line.md describes the envelope, and docs/command-line.schema.json says it to programs.
 */
final class Output {
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

    boolean isOneDocument() {
        return format == OutputFormat.json;
    }

    /** For what is told while a command runs, by commands that go on and on. */
    Screen screen() {
        return new Screen(out(), Terminal.takesColours());
    }

    /** Progress, and what only people want to know. */
    PrintWriter err() {
        return command.commandLine().getErr();
    }

    /** Tells the whole answer; returns its exit code. */
    int tell(Answer answer) {
        switch (format) {
            case table -> {
                Screen screen = screen();
                answer.text().accept(screen);
                answer.next().ifPresent(next -> screen.line("%s", screen.painted(Screen.Tone.FAINT, "next: " + next)));
                screen.flush();
            }
            case json -> print(Envelope.of(command, answer), true);
            case ndjson -> {
                if (answer.list().isEmpty()) {
                    print(answer.data(), false);
                } else {
                    answer.data().path(answer.list()).forEach(element -> print(element, false));
                }
                // Lines are what was found and nothing else, so what is beside them goes where progress goes.
                answer.next().ifPresent(next -> err().println("order-ledger: next: " + next));
                err().flush();
            }
        }
        return answer.exitCode();
    }

    /** A line of ndjson, as soon as it is known. */
    void line(ObjectNode element) {
        print(element, false);
    }

    /** True once nobody reads any more. */
    boolean isClosed() {
        return out().checkError();
    }

    private void print(JsonNode json, boolean pretty) {
        out().println(pretty ? json.toPrettyString() : json.toString());
        out().flush();
    }

    private PrintWriter out() {
        return command.commandLine().getOut();
    }
}
