package io.orderledger.local.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.heads.VerifierKey;
import io.orderledger.local.heads.HeadFiles;
import io.orderledger.local.instance.Control;
import io.orderledger.local.instance.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which ledger an auditor's command is about, and by which key its heads are verified. */
final class LedgerOption {
    private static final String ROLE = "ledger_auditor";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".order-ledger",
            description = "The folder of a running instance (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".order-ledger");

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "Any other ledger: postgresql://USER:PASSWORD@HOST:PORT/NAME, as ledger_auditor.")
    private @Nullable String database;

    @Option(
            names = "--heads",
            paramLabel = "DIR",
            description = "The folder with the exported tree heads (default with --data: DIR/heads).")
    private @Nullable Path heads;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "The verifier key of the heads, or a file that holds it (default with --data: DIR/head-key.pub).")
    private @Nullable String key;

    /** The same ledger, for a command that is to follow; without the password. */
    String asOption() {
        if (database != null) {
            return " --database " + NextCommand.quoted(database);
        }
        return data.equals(Path.of(".order-ledger")) ? "" : " --data " + NextCommand.quoted(data.toString());
    }

    /** A pool of that many connections; the caller closes it. */
    HikariDataSource connect(int connections) {
        return connect(database == null ? new Control(Instance.on(data)).databaseUrl(ROLE) : database, connections);
    }

    /** A pool for a {@code postgresql://} URL that holds user and password; the caller closes it. */
    static HikariDataSource connect(String url, int connections) {
        DatabaseUrl parsed = DatabaseUrl.parse(url);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(parsed.jdbc());
        parsed.user().ifPresent(config::setUsername);
        parsed.password().ifPresent(config::setPassword);
        config.addDataSourceProperty("ApplicationName", "order-ledger");
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        return new HikariDataSource(config);
    }

    /** The folder with the heads; empty if none was named and there is no default. */
    Optional<Path> heads() {
        if (heads != null) {
            return Optional.of(heads);
        }
        return database == null ? Optional.of(HeadFiles.heads(data)) : Optional.empty();
    }

    /** The key that was named, or the data folder's. */
    VerifierKey key() {
        if (key != null) {
            return keyIn(key);
        }
        if (database != null) {
            throw new IllegalArgumentException("--key is needed to verify tree heads");
        }
        return keyIn(HeadFiles.verifierKey(data).toString());
    }

    /** Reads a verifier key, or the file that holds one. */
    static VerifierKey keyIn(String keyOrFile) {
        return VerifierKey.parse(textIn(keyOrFile));
    }

    /** The content of a file, or the text itself where there is no such file. */
    static String textIn(String textOrFile) {
        Path file = Path.of(textOrFile);
        try {
            return Files.exists(file) ? Files.readString(file) : textOrFile;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
