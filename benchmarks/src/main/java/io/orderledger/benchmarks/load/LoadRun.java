package io.orderledger.benchmarks.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * One after the other, on one data folder: the highest rate, a long time at a share of it, everything delivered again, and bursts; after each
 * the ledger is compared with what was accepted. Used once, by one thread.
 */
public final class LoadRun {
    /** What the API is told to take when its own limit shall not count. */
    private static final int WITHOUT_LIMIT = 1_000_000;

    private static final double FIRST_RATE = 60;
    private static final double HIGHEST_OFFERED = 6_000;
    private static final Duration SUSTAINED_P99 = Duration.ofMillis(500);
    private static final double SAMPLES_PER_SECOND = 10;
    private static final int BURST_FACTOR = 10;
    private static final int ENTRIES_PER_CALL = 10;
    private static final int CALLS_AT_ONCE = 4;
    private static final int MOST_IN_FLIGHT = 20_000;
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(20);

    private final Path root;
    private final Path folder;
    private final NumberedOrders orders;
    private final Books books;
    private final Plan plan;

    /** The number of the first order that no loop has sent. */
    private long next;

    /**
     * How much.
     *
     * @param rate orders a second to take as the highest; 0 to find it
     * @param share of it that is kept up
     * @param duration for which it is kept up
     * @param step for which a rate is tried
     * @param confirmation for which the rate that was found is tried again
     * @param burst how long a burst lasts
     */
    public record Plan(
            double rate, double share, Duration duration, Duration step, Duration confirmation, Duration burst) {}

    /** Begins with an empty folder. */
    public LoadRun(Path root, Path folder, NumberedOrders orders, Plan plan) {
        this.root = root;
        this.folder = folder;
        this.orders = orders;
        this.books = new Books(orders);
        this.plan = plan;
    }

    /**
     * What was measured.
     *
     * @param settings of the database server
     * @param highestRate orders a second that were sustained
     * @param rate orders a second that were kept up
     */
    public record Outcome(
            SortedMap<String, String> settings,
            double highestRate,
            double rate,
            Steady steady,
            Again again,
            List<Burst> bursts,
            Books.Comparison books,
            String verified) {}

    /**
     * The long time at one rate.
     *
     * @param beginNanos by {@link System#nanoTime}
     * @param liveMegabytesBefore live objects of the instance's JVM before it
     */
    record Steady(
            long beginNanos,
            Recording recording,
            Listing listing,
            List<Vitals.Look> looks,
            double liveMegabytesBefore,
            double liveMegabytesAfter,
            long deadLetters,
            Books.Comparison books) {}

    /**
     * Everything delivered again.
     *
     * @param orders that were
     * @param seconds until all of it was dealt with
     */
    record Again(long orders, double seconds, Books.Comparison books) {}

    /**
     * Many times the rate, for a short time.
     *
     * @param limitPerSecond of the API; 0 for none
     * @param settledSeconds from its end until the ledger had everything
     */
    record Burst(double rate, int limitPerSecond, Recording recording, double settledSeconds, Books.Comparison books) {}

    /** Does all of it. */
    public Outcome run() throws Exception {
        OpenLoop.Observer nobody = (number, due) -> {};
        List<Burst> bursts = new ArrayList<>();
        double highest;
        double rate;
        Steady steady;
        Again again;
        SortedMap<String, String> settings;
        Path data = folder.resolve("data");
        try (LocalRunProcess instance = LocalRunProcess.start(root, data, WITHOUT_LIMIT)) {
            settings = instance.settings();
            OpenLoop loop = loop(instance);
            warmUp(instance, loop, nobody);
            highest = plan.rate > 0 ? plan.rate : highest(instance, loop);
            rate = highest * plan.share;
            steady = steady(instance, loop, rate);
            again = again(instance);
            bursts.add(burst(instance, loop, rate, 0));
            next = loop.next();
        }
        int limit = (int) Math.ceil(highest);
        try (LocalRunProcess instance = LocalRunProcess.start(root, data, limit)) {
            bursts.add(burst(instance, loop(instance), rate, limit));
            say("verifying");
            String verified = instance.run("verify") + "\n" + instance.run("check-projection", "orders");
            return new Outcome(
                    settings, highest, rate, steady, again, bursts, books.compare(instance.database()), verified);
        }
    }

    private OpenLoop loop(LocalRunProcess instance) {
        return new OpenLoop(number -> instance.api().place(orders.id(number), orders.body(number)), next);
    }

    private void warmUp(LocalRunProcess instance, OpenLoop loop, OpenLoop.Observer observer)
            throws InterruptedException {
        say("warming up");
        books.add(loop.run(FIRST_RATE, plan.confirmation, observer));
        settle(instance);
    }

    private double highest(LocalRunProcess instance, OpenLoop loop) throws InterruptedException {
        return HighestRate.find(
                FIRST_RATE,
                HIGHEST_OFFERED,
                rate -> sustains(instance, loop, rate, plan.step),
                rate -> sustains(instance, loop, rate, plan.confirmation));
    }

    /**
     * A rate is sustained if every request is accepted, 99 % of them within half a second of when they were due, and no more than a second's
     * worth waits for the ledger when the last has been answered.
     */
    private boolean sustains(LocalRunProcess instance, OpenLoop loop, double rate, Duration duration)
            throws InterruptedException {
        Recording recording = loop.run(rate, duration, (number, due) -> {});
        long waiting = instance.api().health().inFlight();
        books.add(recording);
        settle(instance);
        Percentiles latency = recording.latency();
        boolean sustained = recording.accepted() == recording.requests()
                && latency.p99() <= SUSTAINED_P99.toMillis()
                && waiting <= rate;
        say(
                "%,.0f/s for %d s: %s, p99 %s ms, %d waiting: %s",
                rate,
                duration.toSeconds(),
                recording.byStatus(),
                latency.text(latency.p99()),
                waiting,
                sustained ? "sustained" : "too much");
        return sustained;
    }

    private Steady steady(LocalRunProcess instance, OpenLoop loop, double rate) throws Exception {
        say("%,.0f/s for %d min", rate, plan.duration.toMinutes());
        double before = Vitals.liveMegabytes(instance);
        Listing listing = new Listing(
                number -> instance.api().isListed(orders.id(number)),
                Math.max(1, Math.round(rate / SAMPLES_PER_SECOND)));
        List<Vitals.Look> looks;
        Recording recording;
        long begin = System.nanoTime();
        try (Vitals vitals = Vitals.every(Series.interval(plan.duration), instance)) {
            recording = loop.run(rate, plan.duration, listing);
            looks = vitals.looks();
        }
        books.add(recording);
        settle(instance);
        while (listing.isUnderWay()) {
            Thread.sleep(LOOK);
        }
        long letters = instance.api().health().deadLetters();
        if (letters > 0) {
            instance.run("replay");
        }
        double after = Vitals.liveMegabytes(instance);
        return new Steady(begin, recording, listing, looks, before, after, letters, books.compare(instance.database()));
    }

    /** Puts everything that was accepted on the bus once more, as a replay of its archive does. */
    private Again again(LocalRunProcess instance) throws Exception {
        say("delivering %,d orders again", books.accepted());
        long begin = System.nanoTime();
        long requestedAt = System.currentTimeMillis();
        List<Future<?>> calls = new ArrayList<>();
        Semaphore atOnce = new Semaphore(CALLS_AT_ONCE);
        List<String> portion = new ArrayList<>();
        long[] numbers = books.acceptedNumbers();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < numbers.length; i++) {
                portion.add(orders.detail(numbers[i], requestedAt));
                if (portion.size() == ENTRIES_PER_CALL || i == numbers.length - 1) {
                    List<String> entries = List.copyOf(portion);
                    portion.clear();
                    atOnce.acquire();
                    calls.add(threads.submit(() -> {
                        try {
                            instance.api().putEvents(LocalRunProcess.BUS, entries);
                        } finally {
                            atOnce.release();
                        }
                        return null;
                    }));
                    awaitLessInFlight(instance, calls.size());
                }
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Not everything could be delivered again", e.getCause());
        }
        settle(instance);
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Again(numbers.length, seconds, books.compare(instance.database()));
    }

    /** So that what waits does not grow for ever: the bus takes faster than functions record. */
    private static void awaitLessInFlight(LocalRunProcess instance, int calls) throws InterruptedException {
        if (calls % (MOST_IN_FLIGHT / ENTRIES_PER_CALL / 4) == 0) {
            while (instance.api().health().inFlight() > MOST_IN_FLIGHT) {
                Thread.sleep(LOOK);
            }
        }
    }

    private Burst burst(LocalRunProcess instance, OpenLoop loop, double rate, int limit) throws Exception {
        double burstRate = rate * BURST_FACTOR;
        say(
                "a burst of %,.0f/s for %d s, %s",
                burstRate, plan.burst.toSeconds(), limit == 0 ? "no limit" : "limit " + limit);
        Recording recording = loop.run(burstRate, plan.burst, (number, due) -> {});
        books.add(recording);
        double settled = settle(instance);
        say("%s", recording.byStatus());
        return new Burst(burstRate, limit, recording, settled, books.compare(instance.database()));
    }

    /** Waits until nothing is on its way; how many seconds it took. */
    private static double settle(LocalRunProcess instance) throws InterruptedException {
        long begin = System.nanoTime();
        while (instance.api().health().inFlight() > 0) {
            if (System.nanoTime() - begin > SETTLED_WITHIN.toNanos()) {
                throw new IllegalStateException("Still on its way after " + SETTLED_WITHIN + ": "
                        + instance.api().health());
            }
            Thread.sleep(LOOK);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void say(String format, Object... values) {
        System.err.printf("load: " + format + "%n", values);
    }
}
