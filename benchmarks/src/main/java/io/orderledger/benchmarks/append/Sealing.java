package io.orderledger.benchmarks.append;

import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.server.HeldConnection;
import io.orderledger.ledger.Deadline;
import io.orderledger.ledger.Ledger;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A sealer that works every 100 ms, and somebody who looks how far behind it is. Used by one thread. */
final class Sealing implements AutoCloseable {
    private static final Duration SEAL_INTERVAL = Duration.ofMillis(100);
    private static final Duration SAMPLE_INTERVAL = Duration.ofMillis(20);
    private static final Duration MAX_DRAIN = Duration.ofSeconds(60);

    /** Positions are drawn in about the order of time, so the lowest is the oldest. Below the floor nothing waits. */
    private static final String AGE_OF_OLDEST_PENDING_MILLIS = """
            select 1000 * extract(epoch from clock_timestamp() - e.recorded_at) from ledger.event e
            where e.position = (
                select p.position from ledger.pending p
                where p.position > (select s.pending_floor from ledger.sealer s)
                order by p.position limit 1)""";

    private final BenchmarkServer server;
    private final String database;
    private final HeldConnection sealerConnection;
    private final HeldConnection samplerConnection;
    private final Ledger ledger;
    private final ScheduledExecutorService sealer = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> sealing;
    private final List<Double> ages = new ArrayList<>();

    private Sealing(BenchmarkServer server, String database) throws SQLException {
        this.server = server;
        this.database = database;
        this.sealerConnection = new HeldConnection(server.as("ledger_sealer", database));
        this.samplerConnection = new HeldConnection(server.as("ledger_auditor", database));
        this.ledger = new Ledger(sealerConnection.dataSource());
        this.sealing = every(sealer, SEAL_INTERVAL, () -> ledger.sealAll(Deadline.after(MAX_DRAIN)));
    }

    /** Starts to seal. */
    static Sealing start(BenchmarkServer server, String database) throws SQLException {
        return new Sealing(server, database);
    }

    /** Looks how far behind the sealer is until the caller comes back. */
    void sampleWhile(Interruptible work) throws InterruptedException, SQLException {
        try (PreparedStatement statement =
                samplerConnection.connection().prepareStatement(AGE_OF_OLDEST_PENDING_MILLIS)) {
            ScheduledFuture<?> sampling = every(sampler, SAMPLE_INTERVAL, () -> ages.add(ageMillis(statement)));
            work.run();
            sampling.cancel(false);
            sampler.shutdown();
            if (!sampler.awaitTermination(MAX_DRAIN.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("A look at the oldest pending event did not end");
            }
            demandNoFailure(sampling);
        }
    }

    /** Waits until everything is in a block. Nobody appends any more. */
    SealLag drain() throws InterruptedException {
        long begin = System.nanoTime();
        long backlog = server.number(database, "select count(*) from ledger.pending");
        sealing.cancel(false);
        sealer.shutdown();
        if (!sealer.awaitTermination(MAX_DRAIN.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("A seal did not end");
        }
        demandNoFailure(sealing);
        if (!ledger.sealAll(Deadline.after(MAX_DRAIN))) {
            throw new IllegalStateException("Sealing does not keep up: after " + MAX_DRAIN + " events still wait");
        }
        double drainMillis = (System.nanoTime() - begin) / 1e6;
        double[] sorted =
                ages.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new SealLag(
                sorted[(int) Math.ceil(0.99 * sorted.length) - 1],
                sorted[sorted.length - 1],
                sorted.length,
                backlog,
                drainMillis);
    }

    @Override
    public void close() throws SQLException {
        sealer.shutdownNow();
        sampler.shutdownNow();
        sealerConnection.close();
        samplerConnection.close();
    }

    private static double ageMillis(PreparedStatement statement) {
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getDouble(1) : 0;
        } catch (SQLException e) {
            throw new IllegalStateException("The age of the oldest pending event cannot be read", e);
        }
    }

    private static ScheduledFuture<?> every(ScheduledExecutorService executor, Duration interval, Runnable work) {
        return executor.scheduleAtFixedRate(work, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What fails is not done again, and nobody else would notice. */
    private static void demandNoFailure(ScheduledFuture<?> repeated) throws InterruptedException {
        if (repeated.isCancelled()) {
            return;
        }
        try {
            repeated.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("What runs beside the clients has failed", e.getCause());
        }
    }

    /** Work that may be interrupted. */
    interface Interruptible {
        void run() throws InterruptedException;
    }
}
