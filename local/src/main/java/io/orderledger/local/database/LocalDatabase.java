package io.orderledger.local.database;

import io.orderledger.db.embedded.Bootstrap;
import io.orderledger.db.embedded.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of the local run. It can be taken away and brought back while everything else goes on; its port stays the same as
 * long as the local run lives, as the endpoint of a database on AWS does.
 *
 * <p>Thread-safe.
 */
public final class LocalDatabase implements AutoCloseable {
    public static final String HOST = "127.0.0.1";
    public static final String NAME = "orders";

    /** The users that the migrations make, who get their passwords here. */
    public static final List<String> ROLES = List.of(
            "ledger_writer",
            "ledger_sealer",
            "ledger_projector",
            "ledger_reader",
            "ledger_auditor",
            "ledger_eraser",
            "ledger_recorder",
            "ledger_keeper",
            "ledger_publisher",
            "ledger_replayer");

    private static final String SCHEMA_VERSION =
            "select coalesce(max(version::integer), 0) from migration.flyway_schema_history where success and version is not null";
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(LocalDatabase.class);

    private final Path directory;
    private final int port;
    private final Credentials credentials;
    /** Changed under the lock only; who asks whether it is up does not wait for a start. */
    private volatile @Nullable EmbeddedServer server;

    /** Whether it is meant to be there: nobody has taken it away. */
    private boolean wanted;

    private LocalDatabase(Path directory, int port, Credentials credentials) {
        this.directory = directory;
        this.port = port;
        this.credentials = credentials;
    }

    /**
     * Chooses the port and reads or draws the passwords; {@link #start} starts the server.
     *
     * @param data the server's data goes to {@code postgres/} below this folder
     */
    public static LocalDatabase prepare(Path data) {
        List<String> users = new ArrayList<>(ROLES);
        users.add(EmbeddedServer.SUPERUSER);
        users.add(Bootstrap.MIGRATOR);
        Credentials credentials = Credentials.in(data.resolve("credentials.json"), users, new SecureRandom());
        return new LocalDatabase(data.resolve("postgres"), freePort(), credentials);
    }

    /**
     * Starts the database, or brings it back, also after somebody has killed it; does nothing when it is there. The migrating user and the
     * empty database are made when they are missing.
     *
     * @throws UncheckedIOException if the server does not start
     */
    public synchronized void start() {
        wanted = true;
        if (server != null && !server.isAlive()) {
            end();
        }
        if (server == null) {
            EmbeddedServer started =
                    EmbeddedServer.open(directory, port, credentials.password(EmbeddedServer.SUPERUSER));
            server = started;
            Bootstrap.migrator(started, credentials.password(Bootstrap.MIGRATOR));
            Bootstrap.database(started, NAME);
        }
    }

    /** From now on, until it is closed, a server that somebody has killed is brought back, as the service does on AWS. */
    public AutoCloseable watch() {
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("database").daemon().factory());
        var unused = schedule.scheduleWithFixedDelay(
                this::bringBack, WATCH_INTERVAL.toMillis(), WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return schedule::shutdownNow;
    }

    private synchronized void bringBack() {
        try {
            if (wanted && (server == null || !server.isAlive())) {
                LOG.warn("The database's server has gone; it is started again");
                start();
            }
        } catch (RuntimeException e) {
            LOG.error("The database's server does not start, and is tried again: {}", e.getMessage());
        }
    }

    /** Takes the database away: every session is ended, and connections are refused until {@link #start}. */
    public synchronized void stop() {
        wanted = false;
        end();
    }

    private void end() {
        EmbeddedServer stopping = server;
        if (stopping != null) {
            server = null;
            stopping.close();
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Lets the roles log in, each with its own password. To be called once the migrations have made them. */
    public void admitRoles() {
        try (Connection connection = running().superuser(NAME).getConnection();
                Statement statement = connection.createStatement()) {
            for (String role : ROLES) {
                statement.execute("alter role " + statement.enquoteIdentifier(role, false) + " password "
                        + statement.enquoteLiteral(credentials.password(role)));
            }
        } catch (SQLException e) {
            throw new UncheckedIOException("The database's roles could not get their passwords", new IOException(e));
        }
    }

    /** Whether a query is answered now. */
    public boolean isUp() {
        EmbeddedServer current = server;
        if (current == null || !current.isAlive()) {
            return false;
        }
        try (Connection connection = current.superuser(NAME).getConnection();
                Statement statement = connection.createStatement()) {
            return statement.execute("select 1");
        } catch (SQLException e) {
            return false;
        }
    }

    /**
     * Number of the newest migration that was applied, which only the migrating user may read.
     *
     * @throws UncheckedIOException if the database does not answer
     */
    public String schemaVersion() {
        try (Connection connection = dataSource(Bootstrap.MIGRATOR).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SCHEMA_VERSION)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new UncheckedIOException("The schema's version could not be read", new IOException(e));
        }
    }

    public int port() {
        return port;
    }

    /**
     * What a function gets beside its variables from the template, as its execution role would give it on AWS: how to prove who
     * it is. There is no TLS on the loopback address.
     */
    public Map<String, String> proofOf(String user) {
        return Map.of("PGPASSWORD", credentials.password(user), "PGSSLMODE", "disable");
    }

    /**
     * The URL by which psql connects as a role, password included.
     *
     * @throws IllegalArgumentException if there is no such role
     */
    public String url(String role) {
        return "postgresql://" + role + ":" + credentials.password(role) + "@" + HOST + ":" + port + "/" + NAME;
    }

    /**
     * Connects as a role, anew for each call, wherever the server is by then.
     *
     * @throws IllegalArgumentException if there is no such role
     */
    public DataSource dataSource(String role) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {HOST});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName(NAME);
        dataSource.setUser(role);
        dataSource.setPassword(credentials.password(role));
        return dataSource;
    }

    private synchronized EmbeddedServer running() {
        EmbeddedServer current = server;
        if (current == null) {
            throw new IllegalStateException("The database is stopped");
        }
        return current;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port was found", e);
        }
    }
}
