package io.orderledger.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.benchmarks.filled.BulkLedgers;
import io.orderledger.benchmarks.rebuild.EmmettRebuild;
import io.orderledger.benchmarks.rebuild.EngineRebuild;
import io.orderledger.benchmarks.rebuild.HandWrittenRebuild;
import io.orderledger.benchmarks.rebuild.OneAtATime;
import io.orderledger.benchmarks.rebuild.Seconds;
import io.orderledger.benchmarks.report.Figures;
import io.orderledger.benchmarks.report.Machine;
import io.orderledger.benchmarks.report.Report;
import io.orderledger.benchmarks.report.Target;
import io.orderledger.benchmarks.report.Target.Bound;
import io.orderledger.benchmarks.report.TextTable;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.Samples;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What it costs to rebuild the list of orders. */
@Command(
        name = "rebuild",
        description =
                "Rebuilds the list of orders by the engine, by hand-written SQL, one event at a time, and by Emmett.",
        mixinStandardHelpOptions = true)
final class RebuildCommand implements Callable<Integer> {
    private static final int WORKERS = 2;
    private static final int WARM_UP_EVENTS = 10_000;
    private static final int EVENTS_A_TRANSACTION = 100;
    private static final double TIMES_HAND_WRITTEN = 1.25;
    private static final double TIMES_EMMETT = 100;
    private static final double TIMES_ONE_AT_A_TIME = 20;

    @Option(
            names = "--events",
            split = ",",
            description = "sizes of the ledgers that are rebuilt; default ${DEFAULT-VALUE}",
            defaultValue = "1000000,10000000")
    private List<Long> sizes = List.of();

    @Option(
            names = "--rounds",
            split = ",",
            description = "by turns, for each size; default ${DEFAULT-VALUE}",
            defaultValue = "3,1")
    private List<Integer> rounds = List.of();

    @Option(
            names = "--peer-events",
            description = "for Emmett and for one event at a time; default ${DEFAULT-VALUE}",
            defaultValue = "100000")
    private int peerEvents;

    @Option(names = "--no-peers", description = "leaves Emmett and one event at a time out")
    private boolean withoutPeers;

    @Option(
            names = "--trial",
            description = "writes the results to benchmarks/target/results, not to benchmarks/results")
    private boolean trial;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.fromLauncher();
        Machine machine = Machine.here(checkout.keptServer());
        try (BenchmarkServer server = BenchmarkServer.startKept(checkout.keptServer())) {
            BulkLedgers ledgers = new BulkLedgers(server, checkout.migrations(), System.err);
            Report report = new Report("rebuild", checkout.commit(), machine, server.settings());
            TextTable table = new TextTable("list of orders", "events", "seconds", "events/s", "seconds of the parts");
            // Unmeasured, for the JVM's compiler.
            new EngineRebuild(server, ledgers.with(WARM_UP_EVENTS), EngineRebuild.ORDERS).run(WORKERS);
            double slowest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < sizes.size(); i++) {
                int turns = rounds.get(Math.min(i, rounds.size() - 1));
                slowest = Math.min(slowest, compare(server, ledgers.with(sizes.get(i)), turns, report, table));
            }
            if (!withoutPeers) {
                String database = ledgers.with(sizes.getFirst());
                peers(server, database, checkout, slowest, report, table);
            }
            System.out.print("\n" + report.write(checkout.results(!trial), table.toString()));
        }
        return 0;
    }

    /** Returns the engine's rate, in events per second. */
    private static double compare(BenchmarkServer server, String database, int turns, Report report, TextTable table)
            throws SQLException, InterruptedException {
        long events =
                server.number(database, "select tree_size - height from ledger.block order by height desc limit 1");
        EngineRebuild engine = new EngineRebuild(server, database, EngineRebuild.ORDERS);
        HandWrittenRebuild handWritten = new HandWrittenRebuild(server, database);
        List<Seconds> own = new ArrayList<>();
        List<Seconds> byHand = new ArrayList<>();
        for (int turn = 0; turn < turns; turn++) {
            own.add(engine.run(WORKERS));
            System.err.printf("%,d events, engine: %s%n", events, own.getLast().text());
            byHand.add(handWritten.run());
            System.err.printf(
                    "%,d events, by hand: %s%n", events, byHand.getLast().text());
        }
        handWritten.demandSameRows();
        handWritten.clear();
        double rate = add("order ledger, " + WORKERS + " workers", events, own, report, table);
        double rateByHand = add("hand-written SQL, 2 sessions", events, byHand, report, table);
        report.add(new Target(
                String.format("rebuild / hand-written SQL, time, %,d events", events),
                Bound.AT_MOST,
                TIMES_HAND_WRITTEN,
                rateByHand / rate));
        return rate;
    }

    private void peers(
            BenchmarkServer server, String database, Checkout checkout, double rate, Report report, TextTable table)
            throws SQLException, InterruptedException {
        OneAtATime oneAtATime = new OneAtATime(server, database);
        double single = oneAtATime.eventsPerSecond(peerEvents, 1);
        add("one event at a time, a transaction each", peerEvents, single, report, table);
        double several = oneAtATime.eventsPerSecond(peerEvents, EVENTS_A_TRANSACTION);
        add("…, " + EVENTS_A_TRANSACTION + " events a transaction", peerEvents, several, report, table);
        EmmettRebuild.Rates emmett =
                new EmmettRebuild(server, Samples.in(checkout.samples()), checkout.peers()).run(peerEvents);
        add("Emmett, as it comes", peerEvents, emmett.asItComes(), report, table);
        add("Emmett, batches of 1,000 without pauses", peerEvents, emmett.tuned(), report, table);
        report.add(new Target("rebuild / Emmett, rate", Bound.AT_LEAST, TIMES_EMMETT, rate / emmett.asItComes()));
        report.add(
                new Target("rebuild / one event at a time, rate", Bound.AT_LEAST, TIMES_ONE_AT_A_TIME, rate / single));
        report.add(new Target(
                "rebuild / one at a time, " + EVENTS_A_TRANSACTION + " a transaction, rate",
                Bound.AT_LEAST,
                TIMES_ONE_AT_A_TIME,
                rate / several));
    }

    private static double add(String name, long events, List<Seconds> runs, Report report, TextTable table) {
        double median = Figures.median(runs.stream().map(Seconds::total).toList());
        Seconds typical = runs.stream()
                .min((a, b) -> Double.compare(Math.abs(a.total() - median), Math.abs(b.total() - median)))
                .orElseThrow();
        table.add(
                name,
                String.format("%,d", events),
                Figures.text(median),
                Figures.text(events / median),
                typical.partsText());
        ObjectNode row = row(name, events, events / median, report);
        row.put("medianSeconds", Figures.rounded(median));
        ArrayNode all = row.putArray("runs");
        runs.forEach(run -> all.add(run.toJson()));
        return events / median;
    }

    private static void add(String name, long events, double rate, Report report, TextTable table) {
        System.err.printf("%s: %,.0f events/s%n", name, rate);
        table.add(name, String.format("%,d", events), Figures.text(events / rate), Figures.text(rate), "");
        row(name, events, rate, report).put("medianSeconds", Figures.rounded(events / rate));
    }

    private static ObjectNode row(String name, long events, double rate, Report report) {
        return report.json()
                .withArray("rebuilds")
                .addObject()
                .put("name", name)
                .put("events", events)
                .put("eventsPerSecond", Figures.rounded(rate));
    }
}
