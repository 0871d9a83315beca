package io.orderledger.local.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.local.instance.Control;
import io.orderledger.local.instance.Instance;
import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose projections a command is about: those of a running instance, or of any database. */
final class DatabaseOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".order-ledger",
            description = "The folder of a running instance (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".order-ledger");

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = {
                "Any other ledger: postgresql://USER:PASSWORD@HOST:PORT/NAME, as the role that the command names above.",
                "The password may be given in the environment, as PGPASSWORD."
            })
    private @Nullable String database;

    boolean isNamed() {
        return database != null;
    }

    /** The running instance, unless the database is named. */
    Optional<Instance> instance() {
        return database == null ? Optional.of(Instance.on(data)) : Optional.empty();
    }

    /** Connects anew for each use, for a command that is short. */
    DataSource connections(String role) {
        return RoleConnections.to(url(role));
    }

    /** The same database, for a command that is to follow; without the password. */
    String asOption() {
        if (database != null) {
            return " --database " + NextCommand.quoted(database);
        }
        return data.equals(Path.of(".order-ledger")) ? "" : " --data " + NextCommand.quoted(data.toString());
    }

    private String url(String role) {
        return database == null ? new Control(Instance.on(data)).databaseUrl(role) : database;
    }

    /** A pool of that many connections; the caller closes it. */
    HikariDataSource connect(String role, int connections) {
        return LedgerOption.connect(url(role), connections);
    }
}
