package io.orderledger.local.cli;

import io.orderledger.local.instance.Control;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code order-ledger psql}. This class only finds out the URL: the launcher script replaces itself by psql, so that no JVM stands
 * between psql and the terminal.
 */
@Command(name = "psql", description = "Opens psql on the running database, or prints its URL.")
final class PsqlCommand extends ReportingCommand {
    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            defaultValue = "ledger_reader",
            description = "The role to connect as (default: ${DEFAULT-VALUE}, which can only read).")
    private String role = "ledger_reader";

    @Option(names = "--print", description = "Print the postgresql:// URL, password included, instead of opening psql.")
    private boolean print;

    @Override
    Answer answer() {
        String url = new Control(data.instance()).databaseUrl(role);
        if (!print) {
            throw new CannotRun("psql is opened by the launcher", NextCommand.sameWith(spec(), "--print"));
        }
        return Answer.done(Answer.object().put("role", role).put("url", url), screen -> screen.line("%s", url));
    }
}
