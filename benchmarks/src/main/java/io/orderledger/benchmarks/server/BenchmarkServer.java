package io.orderledger.benchmarks.server;

import io.orderledger.db.embedded.Bootstrap;
import io.orderledger.db.embedded.EmbeddedServer;
import io.orderledger.db.migrations.Migrations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A server set as the local run's is: every commit is forced to disk. It lives in a folder of its own; its data goes away with it, or is kept
 * for the next run.
 *
 * <p>Thread-safe, apart from {@link #close}.
 */
public final class BenchmarkServer implements AutoCloseable {
    /** Owns the databases of everybody but the ledger, and appends to them. */
    public static final String PEER = "peer";

    private static final String ADMINISTRATION = "postgres";
    private static final List<String> LEDGER_ROLES =
            List.of("ledger_writer", "ledger_sealer", "ledger_projector", "ledger_reader", "ledger_auditor");
    /** What is not at its default, and can matter to speed. The rest is names and places. */
    private static final String SETTINGS = """
            select name, current_setting(name) from pg_settings
            where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'shared_buffers', 'wal_level', 'max_wal_size', 'wal_buffers',
                    'max_connections', 'jit', 'checkpoint_timeout', 'checkpoint_completion_target', 'wal_compression', 'commit_delay',
                    'wal_sync_method', 'work_mem', 'maintenance_work_mem', 'effective_cache_size', 'effective_io_concurrency',
                    'data_checksums', 'max_parallel_maintenance_workers')
            order by name""";

    private final Path directory;
    private final EmbeddedServer server;
    private final String password;
    private final boolean kept;

    private BenchmarkServer(Path directory, EmbeddedServer server, String password, boolean kept) {
        this.directory = directory;
        this.server = server;
        this.password = password;
        this.kept = kept;
    }

    /**
     * Starts a server.
     *
     * @param directory for its data; what is in there is deleted
     */
    public static BenchmarkServer start(Path directory) {
        delete(directory);
        return open(directory, UUID.randomUUID().toString(), false);
    }

    /**
     * Starts a server on the data of an earlier run, if there is any, and leaves the data to the next one.
     *
     * @param directory for its data and its password
     */
    public static BenchmarkServer startKept(Path directory) {
        return open(directory.resolve("data"), keptPassword(directory), true);
    }

    private static BenchmarkServer open(Path directory, String password, boolean kept) {
        EmbeddedServer server = EmbeddedServer.open(directory, 0, password);
        BenchmarkServer started = new BenchmarkServer(directory, server, password, kept);
        Bootstrap.migrator(server, password);
        if (started.number(ADMINISTRATION, "select count(*) from pg_roles where rolname = '" + PEER + "'") == 0) {
            started.execute(ADMINISTRATION, "create role " + PEER + " login password '" + password + "'");
        }
        return started;
    }

    private static String keptPassword(Path directory) {
        Path file = directory.resolve("password");
        try {
            if (!Files.exists(file)) {
                delete(directory);
                Files.createDirectories(directory);
                Files.writeString(file, UUID.randomUUID().toString());
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The password of the kept server cannot be kept", e);
        }
    }

    /** Makes a database that holds the newest schema of the ledger and no orders. */
    public void createLedger(String database) {
        Bootstrap.database(server, database);
        Migrations.migrate(server.dataSource(database, Bootstrap.MIGRATOR, password));
        LEDGER_ROLES.forEach(this::admit);
    }

    /** Makes an empty database that {@link #PEER} owns. */
    public void createEmpty(String database) {
        execute(ADMINISTRATION, "create database " + database + " owner " + PEER);
    }

    /** Makes a copy of a database that nobody is connected to. Its pages are on disk when this returns, and the log is short. */
    public void copy(String template, String database) {
        execute(ADMINISTRATION, "create database " + database + " template " + template);
        execute(ADMINISTRATION, "checkpoint");
    }

    /** Removes a database, whoever is connected. */
    public void drop(String database) {
        execute(ADMINISTRATION, "drop database if exists " + database + " with (force)");
    }

    /** Lets a role log in by the server's one password. */
    public void admit(String role) {
        execute(ADMINISTRATION, "alter role " + role + " password '" + password + "'");
    }

    /** Runs statements as the superuser. */
    public void execute(String database, String statements) {
        try (Connection connection = server.superuser(database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The server refused: " + statements.lines().findFirst().orElse(""), e);
        }
    }

    /** A connection of the superuser, for work on many statements. */
    public Connection superuser(String database) throws SQLException {
        return server.superuser(database).getConnection();
    }

    /** The one number that a query gives, asked as the superuser. */
    public long number(String database, String query) {
        try (Connection connection = server.superuser(database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("The server refused: " + query, e);
        }
    }

    /**
     * Connects anew for each call. These are the settings of the driver for everybody who is measured: statements are not prepared on the
     * server, as behind RDS Proxy, and batches of INSERTs are rewritten to INSERTs of many rows.
     */
    public PGSimpleDataSource as(String role, String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(database);
        source.setUser(role);
        source.setPassword(password);
        source.setSslMode("disable");
        source.setAssumeMinServerVersion("12.0");
        source.setPrepareThreshold(0);
        source.setReWriteBatchedInserts(true);
        return source;
    }

    /** The URL by which JDBC connects, with the settings of {@link #as} but without a role. */
    public String jdbcUrl(String database) {
        return as(PEER, database).getUrl().replaceAll("([?&])user=[^&]*&?", "$1");
    }

    /** The one password of all roles that may log in. It goes away with the server. */
    public String password() {
        return password;
    }

    /** The URL by which other programs connect, password included. */
    public String url(String role, String database) {
        return "postgresql://" + role + ":" + password + "@127.0.0.1:" + server.port() + "/" + database;
    }

    /** The server's version, and the settings that matter to speed. */
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        try (Connection connection = server.superuser(ADMINISTRATION).getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(SETTINGS)) {
                while (rows.next()) {
                    settings.put(rows.getString(1), rows.getString(2));
                }
            }
            settings.put("server_version", connection.getMetaData().getDatabaseProductVersion());
            return settings;
        } catch (SQLException e) {
            throw new IllegalStateException("The server does not tell its settings", e);
        }
    }

    @Override
    public void close() {
        server.close();
        if (!kept) {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be deleted", e);
        }
    }
}
