package io.orderledger.benchmarks.rebuild;

import io.orderledger.benchmarks.server.BenchmarkServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The least that somebody could write who wants this table once: INSERT … SELECT … GROUP BY of the same columns from the same view, by halves of
 * the orders in two sessions, into a table without indexes; then the same indexes, in two sessions, and ANALYZE. With the engine's settings for
 * sorting. It knows nothing of blocks: it takes what is committed when each half begins, does not catch up, cannot go on after an interruption,
 * fails at the first order that cannot be read, and shows its table to nobody.
 */
public final class HandWrittenRebuild {
    private static final int SESSIONS = 2;
    private static final List<String> HALVES = List.of(
            half("00000000-0000-0000-0000-000000000000", "7fffffff-ffff-ffff-ffff-ffffffffffff"),
            half("80000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"));
    private static final String INDEXES = """
            select replace(replace(pg_get_indexdef(indexrelid), 'projection.orders_v2_a', 'hand_written.orders'), 'orders_v2_a_', '')
            from pg_index where indrelid = 'projection.orders_v2_a'::regclass
            order by indisprimary desc, indexrelid::regclass::text""";
    private static final String FOLDED =
            "(select bit_xor(hashtextextended(concat_ws('|', order_id, status, cancellation_refused, channel, customer_id, currency, total,"
                    + " placed_at, prepared_at, dispatched_at, delivered_at, cancelled_at, version, placings, placed_position,"
                    + " pg_column_size(items)), 0)) from %s)";

    private final BenchmarkServer server;
    private final String database;

    public HandWrittenRebuild(BenchmarkServer server, String database) {
        this.server = server;
        this.database = database;
    }

    /** Makes the table. */
    public Seconds run() throws InterruptedException, SQLException {
        List<String> indexes = indexes();
        server.execute(database, Resources.text("hand-written-begin.sql"));
        Seconds.Watch watch = new Seconds.Watch();
        inSessions(HALVES);
        watch.end("insert");
        inSessions(indexes);
        watch.end("indexes");
        server.execute(database, "analyze hand_written.orders");
        watch.end("analyze");
        return watch.stop();
    }

    /** Fails unless the table made by hand and the projection's have the same rows. */
    public void demandSameRows() {
        String difference = "select case when (%s = %s) then 0 else 1 end"
                .formatted(FOLDED.formatted("hand_written.orders"), FOLDED.formatted("projection.orders_v2"));
        if (server.number(database, difference) != 0
                || server.number(database, "select count(*) from hand_written.orders") == 0) {
            throw new IllegalStateException("The tables that were compared do not hold the same orders");
        }
    }

    /** Removes the table. */
    public void clear() {
        server.execute(database, "drop schema if exists hand_written cascade");
    }

    private List<String> indexes() throws SQLException {
        List<String> definitions = new ArrayList<>();
        try (Connection connection = server.superuser(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(INDEXES)) {
            while (rows.next()) {
                definitions.add(rows.getString(1));
            }
        }
        return definitions;
    }

    private void inSessions(List<String> statements) throws InterruptedException {
        Queue<String> left = new ConcurrentLinkedQueue<>(statements);
        List<Future<?>> sessions = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(SESSIONS)) {
            for (int i = 0; i < SESSIONS; i++) {
                sessions.add(threads.submit(() -> {
                    try (Connection connection = server.superuser(database);
                            Statement statement = connection.createStatement()) {
                        statement.execute("set work_mem = '128MB'; set maintenance_work_mem = '256MB'; set jit = off");
                        for (String next = left.poll(); next != null; next = left.poll()) {
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
            throw new IllegalStateException("The table could not be made by hand", e.getCause());
        }
    }

    private static String half(String from, String to) {
        return Resources.text("hand-written-half.sql")
                .replace("$from$", "'" + from + "'")
                .replace("$to$", "'" + to + "'");
    }
}
