package io.orderledger.benchmarks.catchup;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.contestants.OrderLedger;
import io.orderledger.benchmarks.rebuild.EngineRebuild;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.server.HeldConnection;
import io.orderledger.benchmarks.workload.OrderEvents;
import io.orderledger.benchmarks.workload.Samples;
import io.orderledger.ledger.Deadline;
import io.orderledger.ledger.Ledger;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Projection;
import io.orderledger.projections.registered.RegisteredProjections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The list of orders is kept current while clients append. One worker seals and catches up by turns, as whoever has appended does; the clients
 * append batches at a fixed rate, whatever happens. Not thread-safe.
 */
public final class AlongsideAppends {
    private static final int CLIENTS = 2;
    private static final int BATCH = 100;
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration SAMPLE_INTERVAL = Duration.ofMillis(20);
    private static final Duration MAX_WORK = Duration.ofMinutes(5);

    /** Age of the oldest event that is committed and that the view does not take into account: in no block, or in a later one. */
    private static final String AGE_MILLIS = """
            select coalesce(extract(epoch from clock_timestamp() - min(e.recorded_at)) * 1000, 0)
            from (
                (select recorded_at from ledger.event
                 where position > (
                     select b.high from projection.checkpoint c join ledger.block b on b.height = c.height
                     where c.projection = 'orders_v2' and c.live)
                 order by position limit 1)
                union all
                (select recorded_at from ledger.event
                 where position = (
                     select min(position) from ledger.pending where position > (select pending_floor from ledger.sealer)))) e""";

    private static final String TAKEN_INTO_ACCOUNT = """
            select b.tree_size - b.height from ledger.block b
            join projection.checkpoint c on c.height = b.height and c.projection = 'orders_v2' and c.live""";

    private final BenchmarkServer server;
    private final String database;
    private final Samples samples;
    private final Projection orders =
            RegisteredProjections.find(EngineRebuild.ORDERS).orElseThrow();

    /** Uses a database whose list of orders is live, and adds to it. */
    public AlongsideAppends(BenchmarkServer server, String database, Samples samples) {
        this.server = server;
        this.database = database;
        this.samples = samples;
    }

    /**
     * What was seen.
     *
     * @param appendedPerSecond events that the clients appended
     * @param caughtUpPerSecond events that the list took into account meanwhile
     * @param lagMillis ages, rising, of the oldest event that the list did not take into account
     */
    public record Outcome(double appendedPerSecond, double caughtUpPerSecond, List<Double> lagMillis) {
        public Outcome {
            lagMillis = List.copyOf(lagMillis);
        }

        /** The age that a share of the samples does not exceed. */
        public double lagMillis(double share) {
            return lagMillis.get((int) Math.ceil(share * lagMillis.size()) - 1);
        }
    }

    /** Appends for a while, and catches up. */
    public Outcome run(int eventsPerSecond, Duration duration) throws SQLException, InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            try {
                Future<?> worker = threads.submit(() -> keepCurrent(over));
                long countedBefore = server.number(database, TAKEN_INTO_ACCOUNT);
                long begin = System.nanoTime();
                long end = begin + duration.toNanos();
                List<Future<Long>> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    long seed = 7_000L + i;
                    clients.add(threads.submit(() -> append(seed, eventsPerSecond / CLIENTS, begin, end)));
                }
                List<Double> ages = sample(end);
                long countedAfter = server.number(database, TAKEN_INTO_ACCOUNT);
                double seconds = (System.nanoTime() - begin) / 1e9;
                long appended = 0;
                for (Future<Long> client : clients) {
                    appended += client.get();
                }
                over.set(true);
                worker.get();
                return new Outcome(
                        appended / seconds,
                        (countedAfter - countedBefore) / seconds,
                        ages.stream().sorted().toList());
            } finally {
                over.set(true);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("What runs beside the measurement has failed", e.getCause());
        }
    }

    /** Appends and seals events first, then catches up while nobody does anything else. Returns events per second. */
    public double backlogPerSecond(int events) throws SQLException {
        try (HeldConnection sealer = new HeldConnection(server.as("ledger_sealer", database));
                HeldConnection projector = new HeldConnection(server.as("ledger_projector", database));
                Client client = new OrderLedger(true).connect(server, database)) {
            Ledger ledger = new Ledger(sealer.dataSource());
            OrderEvents source = new OrderEvents(samples, 9_000);
            for (int done = 0; done < events; done += BATCH) {
                client.append(source.next(BATCH));
                ledger.sealAll(Deadline.after(MAX_WORK));
            }
            long begin = System.nanoTime();
            demand(new CatchUp(projector.dataSource()).toNewestBlock(orders, Deadline.after(MAX_WORK)));
            return events * 1e9 / (System.nanoTime() - begin);
        }
    }

    private Void keepCurrent(AtomicBoolean over) throws SQLException {
        try (HeldConnection sealer = new HeldConnection(server.as("ledger_sealer", database));
                HeldConnection projector = new HeldConnection(server.as("ledger_projector", database))) {
            Ledger ledger = new Ledger(sealer.dataSource());
            CatchUp catchUp = new CatchUp(projector.dataSource());
            boolean last;
            do {
                last = over.get();
                demand(ledger.sealAll(Deadline.after(MAX_WORK)));
                demand(catchUp.toNewestBlock(orders, Deadline.after(MAX_WORK)));
                LockSupport.parkNanos(PAUSE.toNanos());
            } while (!last);
        }
        return null;
    }

    /** Keeps to a timetable: after a delay, batches follow one another until it is made up for. */
    private long append(long seed, int eventsPerSecond, long begin, long end) throws SQLException {
        long nanosPerBatch = BATCH * 1_000_000_000L / eventsPerSecond;
        OrderEvents source = new OrderEvents(samples, seed);
        long appended = 0;
        try (Client client = new OrderLedger(true).connect(server, database)) {
            for (long due = begin; System.nanoTime() < end; due += nanosPerBatch) {
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                client.append(source.next(BATCH));
                appended += BATCH;
            }
        }
        return appended;
    }

    private List<Double> sample(long end) throws SQLException {
        List<Double> ages = new ArrayList<>();
        try (Connection connection = server.superuser(database);
                PreparedStatement statement = connection.prepareStatement(AGE_MILLIS)) {
            while (System.nanoTime() < end) {
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    ages.add(row.getDouble(1));
                }
                LockSupport.parkNanos(SAMPLE_INTERVAL.toNanos());
            }
        }
        return ages;
    }

    private static void demand(boolean complete) {
        if (!complete) {
            throw new IllegalStateException("Sealing and catching up did not come to an end within " + MAX_WORK);
        }
    }
}
