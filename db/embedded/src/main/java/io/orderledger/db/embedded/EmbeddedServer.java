package io.orderledger.db.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server on the loopback address, as a child process.
 *
 * <p>A durable server ({@link #open}) forces every commit to disk and asks every user for a password. A temporary one ({@link
 * #temporary}) does neither, and its files go away when it is closed.
 *
 * <p>Thread-safe, apart from {@link #close}.
 */
public final class EmbeddedServer implements Server, AutoCloseable {
    /** The user that the server is born with. Nothing but the set-up of roles and databases happens as this user. */
    public static final String SUPERUSER = "postgres";

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final List<String> PASSWORDS_FOR_ALL =
            List.of("host all all 127.0.0.1/32 scram-sha-256", "host all all ::1/128 scram-sha-256");

    private final EmbeddedPostgres postgres;
    private final String superuserPassword;
    private final Optional<ProcessHandle> postmaster;

    private EmbeddedServer(EmbeddedPostgres postgres, String superuserPassword, Optional<ProcessHandle> postmaster) {
        this.postgres = postgres;
        this.superuserPassword = superuserPassword;
        this.postmaster = postmaster;
    }

    /**
     * Starts a server on the data in a folder; makes the folder when it is missing.
     *
     * <p>What a killed JVM has left running on the folder is ended first, and a cluster whose very first start was cut off is made anew.
     * The caller makes sure that no other live JVM uses the folder.
     *
     * @param directory the server's data
     * @param port TCP port on 127.0.0.1; 0 for any free one
     * @param superuserPassword password of {@link #SUPERUSER}, the same at every start
     * @throws UncheckedIOException if the server does not start: the folder cannot be written, or the port is in use
     */
    public static EmbeddedServer open(Path directory, int port, String superuserPassword) {
        Path absolute = directory.toAbsolutePath().normalize();
        Leftovers.endAll(absolute);
        FirstStart firstStart = FirstStart.begin(absolute);
        unlock(absolute);
        EmbeddedPostgres postgres = start(builder()
                .setDataDirectory(absolute)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setConnectConfig("password", superuserPassword)
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("password_encryption", "scram-sha-256")
                .setServerConfig("log_statement", "none")
                .setServerConfig("log_min_error_statement", "panic"));
        EmbeddedServer server = new EmbeddedServer(postgres, superuserPassword, Leftovers.postmaster(absolute));
        server.demandPasswords(absolute.resolve("pg_hba.conf"));
        firstStart.end();
        return server;
    }

    /** A start that failed leaves its lock with this JVM, where nobody can give it back: the next one takes another file of that name. */
    private static void unlock(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve("epg-lock"));
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + directory + " cannot be written", e);
        }
    }

    /** Starts a server that lives at most as long as the JVM, without fsync and without passwords: for tests and code generation. */
    public static EmbeddedServer temporary() {
        return new EmbeddedServer(
                start(builder()
                        .setCleanDataDirectory(true)
                        .setServerConfig("fsync", "off")
                        .setServerConfig("full_page_writes", "off")),
                "",
                Optional.empty());
    }

    private static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setPGStartupWait(START_TIMEOUT)
                .setLocaleConfig("locale", "C.UTF-8")
                .setServerConfig("listen_addresses", LOOPBACK)
                .setServerConfig("unix_socket_directories", "''")
                .setServerConfig("shared_buffers", "128MB");
    }

    private static EmbeddedPostgres start(EmbeddedPostgres.Builder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL did not start: " + e.getMessage(), e);
        }
    }

    @Override
    public String host() {
        return LOOPBACK;
    }

    @Override
    public int port() {
        return postgres.getPort();
    }

    @Override
    public DataSource dataSource(String database, String user, String password) {
        return dataSource(LOOPBACK, port(), database, user, password);
    }

    static DataSource dataSource(String host, int port, String database, String user, String password) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {host});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName(database);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    @Override
    public DataSource superuser(String database) {
        return dataSource(database, SUPERUSER, superuserPassword);
    }

    /** False once somebody has killed the server's first process, or it gave up. A temporary server is not watched. */
    public boolean isAlive() {
        return postmaster.map(Leftovers::runs).orElse(true);
    }

    /** Stops the server, after at most some seconds by force. What was committed stays. */
    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL did not stop: " + e.getMessage(), e);
        }
    }

    /** The very first start admits everybody on the loopback address; this ends it. Repeating it changes nothing. */
    private void demandPasswords(Path hostBasedAuthentication) {
        try (Connection connection = superuser("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            if (!Files.readAllLines(hostBasedAuthentication).equals(PASSWORDS_FOR_ALL)) {
                statement.execute(
                        "alter role " + SUPERUSER + " password " + statement.enquoteLiteral(superuserPassword));
                Files.write(hostBasedAuthentication, PASSWORDS_FOR_ALL);
                statement.execute("select pg_reload_conf()");
            }
        } catch (SQLException | IOException e) {
            close();
            throw new UncheckedIOException("The embedded PostgreSQL could not be secured", new IOException(e));
        }
    }
}
