package io.orderledger.local.cli;

import java.util.List;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The command {@code order-ledger}. Exit codes: 0 done, 1 found something wrong, 2 could not run. */
@Command(
        name = OrderLedger.NAME,
        description = {
            "An event-sourced, provably unchanged ledger of orders.",
            "Every command tells what it found by -o table, json or ndjson, and its progress on standard error."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:found something wrong", "2:could not run"})
public final class OrderLedger {
    static final String NAME = "order-ledger";
    static final int DONE = CommandLine.ExitCode.OK;
    static final int FOUND_WRONG = 1;
    static final int COULD_NOT_RUN = 2;

    private static final int USAGE_WIDTH = 110;

    /** All verbs, in the order in which a user meets them. */
    static final List<String> VERBS = List.of(
            "up",
            "demo",
            "orders",
            "order",
            "tail",
            "status",
            "doctor",
            "replay",
            "dead-letters",
            "verify",
            "prove",
            "check",
            "rebuild",
            "check-projection",
            "retry",
            "import",
            "erase",
            "psql",
            "database",
            "openapi",
            "smoke",
            "completion");

    private OrderLedger() {}

    public static void main(String[] arguments) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        int exitCode = commandLine(arguments).execute(arguments);
        Interruptible.told();
        System.exit(exitCode);
    }

    /** For one line: of the many commands only the one that the line names is made, which is most of what a start costs. */
    static CommandLine commandLine(String... arguments) {
        boolean isVerb = arguments.length > 0 && VERBS.contains(arguments[0]);
        return commandLine(isVerb ? List.of(arguments[0]) : VERBS);
    }

    private static CommandLine commandLine(List<String> verbs) {
        CommandLine commandLine = new CommandLine(new OrderLedger());
        verbs.forEach(verb -> commandLine.addSubcommand(verb, command(verb)));
        return commandLine
                .setColorScheme(Help.defaultColorScheme(Terminal.takesColours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(USAGE_WIDTH)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler(Failures::ofParsing)
                .setExecutionExceptionHandler((failure, command, parsed) -> Failures.ofRunning(failure, command))
                .setExitCodeExceptionMapper(failure -> COULD_NOT_RUN);
    }

    private static Object command(String verb) {
        return switch (verb) {
            case "up" -> new UpCommand();
            case "demo" -> new DemoCommand();
            case "orders" -> new OrdersCommand();
            case "order" -> new OrderCommand();
            case "tail" -> new TailCommand();
            case "status" -> new StatusCommand();
            case "doctor" -> new DoctorCommand();
            case "replay" -> new ReplayCommand();
            case "dead-letters" -> new DeadLettersCommand();
            case "verify" -> new VerifyCommand();
            case "prove" -> new ProveCommand();
            case "check" -> new CheckCommand();
            case "rebuild" -> new RebuildCommand();
            case "check-projection" -> new CheckProjectionCommand();
            case "retry" -> new RetryCommand();
            case "import" -> new ImportCommand();
            case "erase" -> new EraseCommand();
            case "psql" -> new PsqlCommand();
            case "database" -> new DatabaseCommand();
            case "openapi" -> new OpenApiCommand();
            case "smoke" -> new SmokeCommand();
            case "completion" -> new CompletionCommand();
            default -> throw new IllegalArgumentException("there is no verb " + verb);
        };
    }
}
