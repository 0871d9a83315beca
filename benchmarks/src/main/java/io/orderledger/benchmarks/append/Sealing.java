package io.orderledger.benchmarks.append;

import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.server.HeldConnection;
import io.orderledger.benchmarks.server.Sealer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A sealer beside the clients, and somebody who looks how far behind it is. Used by one thread. */
final class Sealing implements AutoCloseable {
    private static final Duration SAMPLE_INTERVAL = Duration.ofMillis(20);
    private static final double P99 = 0.99;

    /** Positions are drawn in about the order of time, so the lowest is the oldest. Below the floor nothing waits. */
    private static final String AGE_OF_OLDEST_PENDING_MILLIS = """
            select 1000 * extract(epoch from clock_timestamp() - e.recorded_at) from ledger.event e
            where e.position = (
                select p.position from ledger.pending p
                where p.position > (select s.pending_floor from ledger.sealer s)
                order by p.position limit 1)""";

    private final BenchmarkServer server;
    private final String database;
    private final HeldConnection connection;
    private final Sealer sealer;
    private final List<Double> agesMillis = new ArrayList<>();

    private Sealing(BenchmarkServer server, String database) throws SQLException {
        this.server = server;
        this.database = database;
        this.connection = new HeldConnection(server.as("ledger_auditor", database));
        this.sealer = Sealer.start(server, database);
    }

    /** Starts to seal. */
    static Sealing start(BenchmarkServer server, String database) throws SQLException {
        return new Sealing(server, database);
    }

    /** Looks how far behind the sealer is until the work is done. */
    void sampleWhile(Interruptible work) throws InterruptedException {
        try (ExecutorService sampler = Executors.newSingleThreadExecutor()) {
            Future<?> sampling = sampler.submit((Callable<?>) this::sample);
            try {
                work.run();
            } finally {
                sampler.shutdownNow();
            }
            sampling.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The age of the oldest pending event could not be read", e.getCause());
        }
    }

    /** Waits until everything is in a block. Nobody appends any more. */
    SealLag drain() throws InterruptedException {
        long begin = System.nanoTime();
        long backlog = server.number(database, "select count(*) from ledger.pending");
        sealer.finish();
        double drainMillis = (System.nanoTime() - begin) / 1e6;
        double[] sorted =
                agesMillis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new SealLag(
                sorted[(int) Math.ceil(P99 * sorted.length) - 1],
                sorted[sorted.length - 1],
                sorted.length,
                backlog,
                drainMillis);
    }

    /** Samples until it is interrupted, at least once. */
    private @Nullable Void sample() throws SQLException {
        try (PreparedStatement statement = connection.connection().prepareStatement(AGE_OF_OLDEST_PENDING_MILLIS)) {
            while (true) {
                try (ResultSet rows = statement.executeQuery()) {
                    agesMillis.add(rows.next() ? rows.getDouble(1) : 0);
                }
                Thread.sleep(SAMPLE_INTERVAL);
            }
        } catch (InterruptedException e) {
            return null;
        }
    }

    @Override
    public void close() throws SQLException {
        sealer.close();
        connection.close();
    }

    /** Work that may be interrupted. */
    interface Interruptible {
        void run() throws InterruptedException;
    }
}
