package io.orderledger.benchmarks.filled;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.Contestant;
import io.orderledger.benchmarks.append.contestants.OrderLedger;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.server.Sealer;
import io.orderledger.benchmarks.workload.OrderEvents;
import io.orderledger.benchmarks.workload.Samples;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Fills ledgers by appending to them, with personal data, from several clients at once. Stateless. */
public final class FilledLedger {
    private static final int CLIENTS = 8;
    private static final int BATCH = 100;

    private final BenchmarkServer server;
    private final String database;
    private final Samples samples;
    private final PrintStream progress;

    /**
     * Uses a database that holds the ledger's schema.
     *
     * @param progress is told how long it takes
     */
    public FilledLedger(BenchmarkServer server, String database, Samples samples, PrintStream progress) {
        this.server = server;
        this.database = database;
        this.samples = samples;
        this.progress = progress;
    }

    /**
     * Adds events and seals them meanwhile, as a sealer every 100 ms does. Afterwards every event is in a block, and the tables are as
     * vacuum leaves them.
     */
    public void addSealed(long events, long seed) throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        try (Sealer sealer = Sealer.start(server, database)) {
            append(events, seed);
            sealer.finish();
        }
        server.execute(database, "vacuum (analyze)");
        server.execute(database, "checkpoint");
        progress.printf("filled with %,d events in %.1f s%n", events, (System.nanoTime() - begin) / 1e9);
    }

    /** Adds events and leaves them pending. */
    public void addPending(long events, long seed) throws SQLException, InterruptedException {
        append(events, seed);
        server.execute(database, "vacuum (analyze) ledger.event");
        server.execute(database, "vacuum (analyze) ledger.pending");
        server.execute(database, "checkpoint");
    }

    private void append(long count, long seed) throws InterruptedException {
        AtomicLong left = new AtomicLong(count);
        Contestant contestant = new OrderLedger(true);
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                OrderEvents events = new OrderEvents(samples, seed * 1_000 + i);
                clients.add(threads.submit(() -> {
                    try (Client client = contestant.connect(server, database)) {
                        append(client, events, left);
                    }
                    return null;
                }));
            }
            for (Future<?> client : clients) {
                demand(client);
            }
        }
    }

    private static void append(Client client, OrderEvents events, AtomicLong left) throws SQLException {
        while (true) {
            long before = left.getAndAdd(-BATCH);
            int count = (int) Math.min(BATCH, before);
            if (count <= 0) {
                return;
            }
            client.append(events.next(count));
        }
    }

    private static void demand(Future<?> work) throws InterruptedException {
        try {
            work.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The ledger could not be filled", e.getCause());
        }
    }
}
