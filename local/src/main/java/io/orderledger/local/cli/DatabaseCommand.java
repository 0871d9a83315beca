package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.instance.ApiClient;
import io.orderledger.local.instance.Control;
import io.orderledger.local.instance.Instance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code order-ledger database}: shows what happens while the database is away. */
@Command(
        name = "database",
        description = "Takes the running instance's database away, or brings it back.",
        mixinStandardHelpOptions = true,
        subcommands = {DatabaseCommand.Stop.class, DatabaseCommand.Start.class},
        commandListHeading = "%nVerbs:%n",
        synopsisSubcommandLabel = "(stop | start)")
final class DatabaseCommand {

    @Command(name = "stop", description = "Takes the database away. Orders are still accepted.")
    static final class Stop extends Change {
        @Override
        void change(Control control) {
            control.stopDatabase();
        }

        @Override
        Answer changed(ObjectNode data) {
            return Answer.done(
                            data.put("database", "down"),
                            screen -> screen.line("The database is stopped. Orders are still accepted."))
                    .next(NextCommand.line("database start" + where()));
        }
    }

    @Command(name = "start", description = "Brings the database back.")
    static final class Start extends Change {
        @Override
        void change(Control control) {
            control.startDatabase();
        }

        @Override
        Answer changed(ObjectNode data) {
            return Answer.done(
                            data.put("database", "up"),
                            screen -> screen.line("The database is back. What was given up meanwhile waits in the"
                                    + " dead-letter queues."))
                    .next(NextCommand.line("replay" + where()));
        }
    }

    /** What both have in common. */
    abstract static class Change extends ReportingCommand {
        @Mixin
        private DataOption data = new DataOption();

        @Mixin
        private DryRun dryRun = new DryRun();

        final String where() {
            return data.asOption();
        }

        abstract void change(Control control);

        abstract Answer changed(ObjectNode data);

        @Override
        final Answer answer() {
            Instance instance = data.instance();
            ObjectNode told = Answer.object().put("dryRun", dryRun.isGiven());
            if (!dryRun.isGiven()) {
                change(new Control(instance));
                return changed(told);
            }
            try (ApiClient api = instance.apiClient()) {
                String state = api.get("/health").body().path("database").asText();
                return Answer.done(
                        told.put("database", state),
                        screen -> screen.line("The database is %s; nothing was changed", state));
            }
        }
    }
}
