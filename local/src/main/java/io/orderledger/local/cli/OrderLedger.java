package io.orderledger.local.cli;

import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;

/** The command {@code order-ledger}. Exit codes: 0 done, 1 found something wrong, 2 could not run. */
@Command(
        name = "order-ledger",
        description = "An event-sourced, provably unchanged ledger of orders.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            DatabaseCommand.class,
            ReplayCommand.class,
            DeadLettersCommand.class,
            HistoryCommand.class,
            ImportCommand.class,
            EraseCommand.class,
            VerifyCommand.class,
            ProveCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            RebuildCommand.class,
            CheckProjectionCommand.class,
            RetryCommand.class,
            PsqlCommand.class,
            OpenApiCommand.class,
            SmokeCommand.class,
            DemoCommand.class
        })
public final class OrderLedger {
    static final int DONE = CommandLine.ExitCode.OK;
    static final int FOUND_WRONG = 1;
    static final int COULD_NOT_RUN = 2;

    private static final IExecutionExceptionHandler ONE_CLEAR_LINE = (exception, command, parsed) -> {
        command.getErr().println("order-ledger: " + messageOf(exception));
        if (Boolean.getBoolean("orderledger.stacktrace")) {
            exception.printStackTrace(command.getErr());
        }
        return COULD_NOT_RUN;
    };

    private OrderLedger() {}

    public static void main(String[] arguments) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new OrderLedger())
                .setExecutionExceptionHandler(ONE_CLEAR_LINE)
                .setExitCodeExceptionMapper(exception -> COULD_NOT_RUN);
    }

    private static String messageOf(Exception exception) {
        String message = exception.getMessage();
        return message == null ? exception.getClass().getSimpleName() : message;
    }
}
