package io.orderledger.benchmarks.filled;

import io.orderledger.benchmarks.server.BenchmarkServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Ledgers of a given size on a server that is kept: made in bulk by SQL, and used again by later runs as long as they would be made in the same
 * way. Not thread-safe.
 */
public final class BulkLedgers {
    private static final int SESSIONS = 2;
    private static final long POSITIONS_A_SLICE = 100_000;
    private static final String NOT_MADE = "";

    private final BenchmarkServer server;
    private final Path migrations;
    private final PrintStream progress;

    /**
     * Uses a server.
     *
     * @param migrations folder of the files that make the schema
     * @param progress is told what takes long
     */
    public BulkLedgers(BenchmarkServer server, Path migrations, PrintStream progress) {
        this.server = server;
        this.migrations = migrations;
        this.progress = progress;
    }

    /** Makes sure that there is a ledger with at least so many events, 15 more at most, and returns its database. */
    public String with(long events) throws SQLException, InterruptedException {
        String database = "filled_" + events;
        String fingerprint = fingerprint(events);
        if (!madeBy(database).equals(fingerprint)) {
            long begin = System.nanoTime();
            server.drop(database);
            server.createLedger(database);
            fill(database, events);
            server.execute(database, "comment on database " + database + " is '" + fingerprint + "'");
            progress.printf("filled with %,d events in %.1f s%n", events, (System.nanoTime() - begin) / 1e9);
        }
        return database;
    }

    private void fill(String database, long events) throws SQLException, InterruptedException {
        server.execute(database, resource("bulk-begin.sql").replace("$events$", Long.toString(events)));
        long last = server.number(database, "select last_position from bulk.plan");
        ConcurrentLinkedQueue<String> slices = new ConcurrentLinkedQueue<>();
        for (long from = 1; from <= last; from += POSITIONS_A_SLICE) {
            slices.add("select bulk.add(" + from + ", " + Math.min(last, from + POSITIONS_A_SLICE - 1) + ")");
        }
        inSessions(database, slices);
        inSessions(database, new ConcurrentLinkedQueue<>(indexes(database)));
        server.execute(database, resource("bulk-end.sql"));
        server.execute(database, "vacuum (analyze)");
        server.execute(database, "checkpoint");
    }

    private List<String> indexes(String database) throws SQLException {
        List<String> definitions = new ArrayList<>();
        try (Connection connection = server.superuser(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select definition from bulk.index order by name")) {
            while (rows.next()) {
                definitions.add(rows.getString(1));
            }
        }
        return definitions;
    }

    private void inSessions(String database, ConcurrentLinkedQueue<String> statements) throws InterruptedException {
        List<Future<?>> sessions = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(SESSIONS)) {
            for (int i = 0; i < SESSIONS; i++) {
                sessions.add(threads.submit(() -> {
                    try (Connection connection = server.superuser(database);
                            Statement statement = connection.createStatement()) {
                        statement.execute("set maintenance_work_mem = '1GB'; set jit = off");
                        for (String next = statements.poll(); next != null; next = statements.poll()) {
                            statement.execute(next);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> session : sessions) {
                session.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("The ledger could not be filled", e.getCause());
        }
    }

    private String madeBy(String database) throws SQLException {
        try (Connection connection = server.superuser("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select coalesce(shobj_description(oid, 'pg_database'), '') from pg_database where datname = '"
                                + database + "'")) {
            return rows.next() ? rows.getString(1) : NOT_MADE;
        }
    }

    private String fingerprint(long events) {
        try (Stream<Path> files = Files.list(migrations)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files.filter(path -> path.toString().endsWith(".sql"))
                    .sorted()
                    .toList()) {
                digest.update(Files.readAllBytes(file));
            }
            digest.update(resource("bulk-begin.sql").getBytes(StandardCharsets.UTF_8));
            digest.update(resource("bulk-end.sql").getBytes(StandardCharsets.UTF_8));
            return events + " " + HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException("The migrations cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream stream = BulkLedgers.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("The resource " + name + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The resource " + name + " cannot be read", e);
        }
    }
}
