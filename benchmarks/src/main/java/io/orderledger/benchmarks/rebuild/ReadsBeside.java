package io.orderledger.benchmarks.rebuild;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.contestants.OrderLedger;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.server.HeldConnection;
import io.orderledger.benchmarks.workload.OrderEvents;
import io.orderledger.benchmarks.workload.Samples;
import io.orderledger.ledger.Deadline;
import io.orderledger.ledger.Ledger;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Upkeep;
import io.orderledger.projections.orders.OrderCursor;
import io.orderledger.projections.orders.OrderFilter;
import io.orderledger.projections.orders.OrderList;
import io.orderledger.projections.orders.OrderPage;
import io.orderledger.projections.registered.RegisteredProjections;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Four clients read pages and four append, by a timetable that is the same whatever else goes on; all views are kept current. A read is timed from
 * when it was due, so that one that waits for an earlier one counts as late. Not thread-safe.
 */
public final class ReadsBeside {
    private static final int READERS = 4;
    private static final int APPENDERS = 4;
    private static final int PAGE = 50;
    private static final Duration MAX_UPKEEP = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final BenchmarkServer server;
    private final String database;
    private final Samples samples;
    private final int readsPerSecond;
    private final int appendsPerSecond;
    private long seed = 11_000;

    /** Uses a database whose views are current, and adds to it. */
    public ReadsBeside(
            BenchmarkServer server, String database, Samples samples, int readsPerSecond, int appendsPerSecond) {
        this.server = server;
        this.database = database;
        this.samples = samples;
        this.readsPerSecond = readsPerSecond;
        this.appendsPerSecond = appendsPerSecond;
    }

    /** What the clients run beside. */
    @FunctionalInterface
    public interface Work {
        void run() throws InterruptedException;
    }

    /**
     * What the clients saw while the work went on; a read or an append that failed is no outcome, but fails the run.
     *
     * @param readMillis in no order
     * @param appended events
     * @param seconds of the work
     */
    public record Outcome(List<Double> readMillis, long appended, double seconds) {
        public Outcome {
            readMillis = List.copyOf(readMillis);
        }
    }

    /** Reads and appends from before the work begins until it has ended; what was due while it went on counts. */
    public Outcome beside(Work work) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<List<Double>>> readers = new ArrayList<>();
            List<Future<Long>> appenders = new ArrayList<>();
            try {
                Future<?> keeper = threads.submit(() -> keepCurrent(over));
                long begin = System.nanoTime();
                for (int i = 0; i < READERS; i++) {
                    long due = begin + i * interval(readsPerSecond, 1);
                    readers.add(threads.submit(() -> read(due, over)));
                }
                for (int i = 0; i < APPENDERS; i++) {
                    long due = begin + i * interval(appendsPerSecond, 1);
                    long ownSeed = seed++;
                    appenders.add(threads.submit(() -> append(ownSeed, due, over)));
                }
                work.run();
                double seconds = (System.nanoTime() - begin) / 1e9;
                over.set(true);
                List<Double> millis = new ArrayList<>();
                for (Future<List<Double>> reader : readers) {
                    millis.addAll(reader.get());
                }
                long appended = 0;
                for (Future<Long> appender : appenders) {
                    appended += appender.get();
                }
                keeper.get();
                return new Outcome(millis, appended, seconds);
            } finally {
                over.set(true);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("A client has failed", e.getCause());
        }
    }

    /** Pages in turn, as a person leafs: the first and the four after it. */
    private List<Double> read(long firstDue, AtomicBoolean over) throws SQLException {
        List<Double> millis = new ArrayList<>();
        try (HeldConnection connection = new HeldConnection(server.as("ledger_reader", database))) {
            OrderList list = new OrderList(connection.dataSource());
            Optional<OrderCursor> place = Optional.empty();
            int leafed = 0;
            for (long due = firstDue; !over.get(); due += interval(readsPerSecond, READERS)) {
                await(due);
                OrderPage page = list.list(OrderFilter.NONE, PAGE, place);
                millis.add((System.nanoTime() - due) / 1e6);
                if (page.orders().size() != PAGE) {
                    throw new IllegalStateException("A page of " + page.orders().size() + " orders");
                }
                leafed = (leafed + 1) % 5;
                place = leafed == 0 ? Optional.empty() : page.next();
            }
        }
        return millis;
    }

    private long append(long ownSeed, long firstDue, AtomicBoolean over) throws SQLException {
        OrderEvents source = new OrderEvents(samples, ownSeed);
        long appended = 0;
        try (Client client = new OrderLedger(true).connect(server, database)) {
            for (long due = firstDue; !over.get(); due += interval(appendsPerSecond, APPENDERS)) {
                await(due);
                client.append(source.next());
                appended++;
            }
        }
        return appended;
    }

    private Void keepCurrent(AtomicBoolean over) throws SQLException {
        try (HeldConnection sealer = new HeldConnection(server.as("ledger_sealer", database));
                HeldConnection projector = new HeldConnection(server.as("ledger_projector", database))) {
            Upkeep upkeep = new Upkeep(
                    new Ledger(sealer.dataSource()), new CatchUp(projector.dataSource()), RegisteredProjections.ALL);
            boolean last;
            do {
                last = over.get();
                upkeep.run(MAX_UPKEEP);
                LockSupport.parkNanos(PAUSE.toNanos());
            } while (!last);
            if (!new Ledger(sealer.dataSource()).sealAll(Deadline.after(MAX_UPKEEP)) || !upkeep.run(MAX_UPKEEP)) {
                throw new IllegalStateException("The views were not current within " + MAX_UPKEEP);
            }
        }
        return null;
    }

    private static long interval(int perSecond, int clients) {
        return clients * 1_000_000_000L / perSecond;
    }

    private static void await(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
