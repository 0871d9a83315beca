package io.orderledger.local.cli;

import io.orderledger.local.instance.Control;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code order-ledger database}: shows what happens while the database is away. */
@Command(
        name = "database",
        description = "Takes the running instance's database away, or brings it back.",
        mixinStandardHelpOptions = true,
        subcommands = {DatabaseCommand.Stop.class, DatabaseCommand.Start.class},
        synopsisSubcommandLabel = "(stop | start)")
final class DatabaseCommand {

    @Command(name = "stop", description = "Takes the database away.", mixinStandardHelpOptions = true)
    static final class Stop implements Runnable {
        @Mixin
        private DataOption data = new DataOption();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before run
        private CommandSpec spec;

        @Override
        public void run() {
            new Control(data.instance()).stopDatabase();
            spec.commandLine().getOut().println("The database is stopped. Orders are still accepted.");
        }
    }

    @Command(name = "start", description = "Brings the database back.", mixinStandardHelpOptions = true)
    static final class Start implements Runnable {
        @Mixin
        private DataOption data = new DataOption();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before run
        private CommandSpec spec;

        @Override
        public void run() {
            new Control(data.instance()).startDatabase();
            spec.commandLine()
                    .getOut()
                    .println("The database is back. What was given up meanwhile waits in the dead-letter queues:"
                            + " ./order-ledger replay");
        }
    }
}
