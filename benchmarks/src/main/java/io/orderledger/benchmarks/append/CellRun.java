package io.orderledger.benchmarks.append;

import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.OrderEvents;
import io.orderledger.benchmarks.workload.Samples;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** One round of one cell for one contestant, on a database that exists and that nobody else uses. */
final class CellRun {
    private final BenchmarkServer server;
    private final String database;
    private final Contestant contestant;
    private final Cell cell;
    private final Timing timing;
    private final Samples samples;
    private volatile boolean stopped;

    CellRun(BenchmarkServer server, String database, Contestant contestant, Cell cell, Timing timing, Samples samples) {
        this.server = server;
        this.database = database;
        this.contestant = contestant;
        this.cell = cell;
        this.timing = timing;
        this.samples = samples;
    }

    /**
     * What one round gave.
     *
     * @param eventsPerSecond of all clients together
     * @param lag how far behind the sealer was, if there was one
     */
    record Outcome(double eventsPerSecond, Optional<SealLag> lag) {}

    /**
     * Measures.
     *
     * @param seed the same seed gives every contestant the same events
     */
    Outcome measure(long seed) throws SQLException, InterruptedException {
        try (Clients clients = new Clients();
                ExecutorService threads = Executors.newFixedThreadPool(cell.clients())) {
            try {
                for (int i = 0; i < cell.clients(); i++) {
                    clients.add(contestant.connect(server, database));
                }
                return measure(seed, clients.list(), threads);
            } finally {
                stopped = true;
            }
        }
    }

    private Outcome measure(long seed, List<Client> clients, ExecutorService threads)
            throws SQLException, InterruptedException {
        if (!contestant.isSealed()) {
            Window window = new Window(clients.size());
            List<Future<?>> running = start(seed, clients, threads, window);
            window.pass(timing);
            demandStored(stop(running, window));
            return new Outcome(window.eventsPerSecond(), Optional.empty());
        }
        try (Sealing sealing = Sealing.start(server, database)) {
            Window window = new Window(clients.size());
            List<Future<?>> running = start(seed, clients, threads, window);
            sealing.sampleWhile(() -> window.pass(timing));
            long appended = stop(running, window);
            SealLag lag = sealing.drain();
            demandStored(appended);
            demandSealed(appended);
            return new Outcome(window.eventsPerSecond(), Optional.of(lag));
        }
    }

    private List<Future<?>> start(long seed, List<Client> clients, ExecutorService threads, Window window) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            AtomicLong counter = window.counter(i);
            OrderEvents events = new OrderEvents(samples, seed * 1_000 + i);
            running.add(threads.submit(() -> {
                append(client, events, counter);
                return null;
            }));
        }
        return running;
    }

    private void append(Client client, OrderEvents events, AtomicLong counter) throws SQLException {
        while (!stopped) {
            if (cell.isBatch()) {
                client.append(events.next(cell.batchSize()));
            } else {
                client.append(events.next());
            }
            counter.setRelease(counter.getPlain() + cell.batchSize());
        }
    }

    /** Ends the clients; returns how many events they have appended in all. */
    private long stop(List<Future<?>> running, Window window) throws InterruptedException {
        stopped = true;
        for (Future<?> client : running) {
            try {
                client.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(contestant.name() + " failed while it was measured", e.getCause());
            }
        }
        return window.total();
    }

    private void demandStored(long appended) {
        demand(appended, contestant.countQuery());
    }

    private void demandSealed(long appended) {
        demand(appended, "select sum(event_count) from ledger.block");
    }

    private void demand(long expected, String query) {
        long actual = server.number(database, query);
        if (actual != expected) {
            throw new IllegalStateException(contestant.name() + " was counted to append " + expected
                    + " events, but this gives " + actual + ": " + query);
        }
    }

    /** What the clients count between two moments. */
    private static final class Window {
        private final List<AtomicLong> counters = new ArrayList<>();
        private double eventsPerSecond;

        Window(int clients) {
            for (int i = 0; i < clients; i++) {
                counters.add(new AtomicLong());
            }
        }

        AtomicLong counter(int client) {
            return counters.get(client);
        }

        void pass(Timing timing) throws InterruptedException {
            Thread.sleep(timing.warmUp());
            long begin = System.nanoTime();
            long before = total();
            Thread.sleep(timing.measured());
            long after = total();
            eventsPerSecond = (after - before) * 1e9 / (System.nanoTime() - begin);
        }

        long total() {
            return counters.stream().mapToLong(AtomicLong::getAcquire).sum();
        }

        double eventsPerSecond() {
            return eventsPerSecond;
        }
    }

    /** Clients that are disconnected together. */
    private static final class Clients implements AutoCloseable {
        private final List<Client> list = new ArrayList<>();

        void add(Client client) {
            list.add(client);
        }

        List<Client> list() {
            return list;
        }

        @Override
        public void close() throws SQLException {
            for (Client client : list) {
                client.close();
            }
        }
    }
}
