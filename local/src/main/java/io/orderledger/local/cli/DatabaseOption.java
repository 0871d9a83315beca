package io.orderledger.local.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.local.instance.Control;
import io.orderledger.local.instance.Instance;
import java.nio.file.Path;
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

    /** A pool of that many connections; the caller closes it. */
    HikariDataSource connect(String role, int connections) {
        String url = database == null ? new Control(Instance.on(data)).databaseUrl(role) : database;
        return LedgerOption.connect(url, connections);
    }
}
