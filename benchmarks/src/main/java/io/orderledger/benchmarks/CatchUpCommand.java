package io.orderledger.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.benchmarks.catchup.AlongsideAppends;
import io.orderledger.benchmarks.catchup.AsOfPages;
import io.orderledger.benchmarks.catchup.OneNewEvent;
import io.orderledger.benchmarks.catchup.Pages;
import io.orderledger.benchmarks.filled.BulkLedgers;
import io.orderledger.benchmarks.rebuild.EngineRebuild;
import io.orderledger.benchmarks.report.Figures;
import io.orderledger.benchmarks.report.Machine;
import io.orderledger.benchmarks.report.Report;
import io.orderledger.benchmarks.report.Target;
import io.orderledger.benchmarks.report.Target.Bound;
import io.orderledger.benchmarks.report.TextTable;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.Samples;
import io.orderledger.projections.orders.OrderCursor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Keeping the list of orders current, and reading it, in a small and in a large ledger. */
@Command(
        name = "catch-up",
        description =
                "Catches up beside appends; then compares a small ledger with a large one: a new event, pages, pages as of.",
        mixinStandardHelpOptions = true)
final class CatchUpCommand implements Callable<Integer> {
    private static final String COPY = "catching_up";
    private static final double CAUGHT_UP_PER_SECOND = 10_000;
    private static final double LAG_MILLIS = 1_000;
    private static final double TIMES_SMALL = 1.5;
    private static final int WORKERS = 2;
    private static final int STEPS_A_TURN = 50;
    private static final int TURNS = 6;
    private static final int READS = 200;
    private static final int THOUSANDTH = 1_000;
    private static final int BACKLOG_EVENTS = 100_000;

    @Option(
            names = "--small",
            description = "events in the small ledger; default ${DEFAULT-VALUE}",
            defaultValue = "10000")
    private long small;

    @Option(
            names = "--large",
            description = "events in the large ledger; default ${DEFAULT-VALUE}",
            defaultValue = "10000000")
    private long large;

    @Option(
            names = "--copied",
            description = "events in the ledger that clients append to; default ${DEFAULT-VALUE}",
            defaultValue = "1000000")
    private long copied;

    @Option(
            names = "--appended-per-second",
            description = "events that clients append; default ${DEFAULT-VALUE}",
            defaultValue = "12000")
    private int appendedPerSecond;

    @Option(names = "--seconds", description = "of appending; default ${DEFAULT-VALUE}", defaultValue = "20")
    private int seconds;

    @Option(names = "--only-as-of", description = "measures pages as of blocks in the large ledger, and nothing else")
    private boolean onlyAsOf;

    @Option(
            names = "--trial",
            description = "writes the results to benchmarks/target/results, not to benchmarks/results")
    private boolean trial;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.fromLauncher();
        Machine machine = Machine.here(checkout.keptServer());
        Samples samples = Samples.in(checkout.samples());
        StringBuilder tables = new StringBuilder();
        StringBuilder plans = new StringBuilder();
        AsOfPages asOf = new AsOfPages(large);
        Report report;
        String largeLedger;
        try (BenchmarkServer server = BenchmarkServer.startKept(checkout.keptServer())) {
            BulkLedgers ledgers = new BulkLedgers(server, checkout.migrations(), System.err);
            report = new Report("catch-up", checkout.commit(), machine, server.settings());
            if (!onlyAsOf) {
                String copiedLedger = current(server, ledgers, copied);
                tables.append(beside(server, copiedLedger, samples, report)).append("\n");
                String smallLedger = current(server, ledgers, small);
                largeLedger = current(server, ledgers, large);
                tables.append(compared(server, smallLedger, largeLedger, samples, report))
                        .append("\n");
            } else {
                largeLedger = current(server, ledgers, large);
            }
            asOf.warm(server, largeLedger, plans);
        }
        asOf.cold(checkout.keptServer(), largeLedger);
        tables.append(asOf.table(report));
        Path results = checkout.results(!trial);
        System.out.print("\n" + report.write(results, tables.toString()));
        Files.writeString(results.resolve("plans.txt"), plans);
        return 0;
    }

    /** A ledger whose list of orders is current. */
    private static String current(BenchmarkServer server, BulkLedgers ledgers, long events)
            throws SQLException, InterruptedException {
        String database = ledgers.with(events);
        boolean isCurrent = server.number(
                        database,
                        "select count(*) from projection.lag where projection = 'orders_v2' and live and blocks_behind = 0")
                == 1;
        if (!isCurrent) {
            new EngineRebuild(server, database, EngineRebuild.ORDERS).run(WORKERS);
            server.execute(database, "vacuum (analyze) projection.orders_v2_a, projection.orders_v2_b");
        }
        return database;
    }

    private String beside(BenchmarkServer server, String database, Samples samples, Report report)
            throws SQLException, InterruptedException {
        server.drop(COPY);
        server.copy(database, COPY);
        try {
            AlongsideAppends run = new AlongsideAppends(server, COPY, samples);
            double backlog = run.backlogPerSecond(BACKLOG_EVENTS);
            server.execute(COPY, "checkpoint");
            AlongsideAppends.Outcome outcome = run.run(appendedPerSecond, Duration.ofSeconds(seconds));
            double worst = outcome.lagMillis(1);
            report.json()
                    .putObject("alongsideAppends")
                    .put("ledgerEvents", copied)
                    .put("appendedPerSecond", Figures.rounded(outcome.appendedPerSecond()))
                    .put("caughtUpPerSecond", Figures.rounded(outcome.caughtUpPerSecond()))
                    .put("lagMedianMillis", Figures.rounded(outcome.lagMillis(0.5)))
                    .put("lagP99Millis", Figures.rounded(outcome.lagMillis(0.99)))
                    .put("lagMaxMillis", Figures.rounded(worst))
                    .put("lagSamples", outcome.lagMillis().size())
                    .put("backlogEvents", BACKLOG_EVENTS)
                    .put("backlogPerSecond", Figures.rounded(backlog));
            report.add(new Target(
                    "events/s caught up beside appends",
                    Bound.AT_LEAST,
                    CAUGHT_UP_PER_SECOND,
                    outcome.caughtUpPerSecond()));
            report.add(new Target(
                    "oldest event that the list does not show, ms, the worst sample",
                    Bound.LESS_THAN,
                    LAG_MILLIS,
                    worst));
            return new TextTable("catching up", "appended/s", "caught up/s", "lag, ms: median", "99 %", "worst")
                    .add(
                            "beside appends",
                            Figures.text(outcome.appendedPerSecond()),
                            Figures.text(outcome.caughtUpPerSecond()),
                            Figures.text(outcome.lagMillis(0.5)),
                            Figures.text(outcome.lagMillis(0.99)),
                            Figures.text(worst))
                    .add("alone, a backlog", "", Figures.text(backlog), "", "", "")
                    .toString();
        } finally {
            server.drop(COPY);
        }
    }

    private String compared(
            BenchmarkServer server, String smallLedger, String largeLedger, Samples samples, Report report)
            throws SQLException {
        TextTable table = new TextTable(
                "median", String.format("%,d events", small), String.format("%,d events", large), "ratio");
        List<Double> stepsInSmall = new ArrayList<>();
        List<Double> stepsInLarge = new ArrayList<>();
        try (OneNewEvent inSmall = new OneNewEvent(server, smallLedger, samples);
                OneNewEvent inLarge = new OneNewEvent(server, largeLedger, samples)) {
            inSmall.micros(STEPS_A_TURN);
            inLarge.micros(STEPS_A_TURN);
            for (int turn = 0; turn < TURNS; turn++) {
                stepsInSmall.addAll(inSmall.micros(STEPS_A_TURN));
                stepsInLarge.addAll(inLarge.micros(STEPS_A_TURN));
            }
        }
        compare("catching one new event up, ms", thousandths(stepsInSmall), thousandths(stepsInLarge), report, table);
        try (Pages inSmall = new Pages(server, smallLedger);
                Pages inLarge = new Pages(server, largeLedger)) {
            int lastWhole =
                    (int) (server.number(smallLedger, "select count(*) from projection.orders_v2") / Pages.ORDERS);
            Optional<OrderCursor> late = inSmall.beginOf(Math.min(THOUSANDTH, lastWhole));
            Optional<OrderCursor> thousandth = inLarge.beginOf(THOUSANDTH);
            // Once unmeasured, for the compiler and the caches.
            inSmall.millis(late, READS);
            inLarge.millis(thousandth, READS);
            inSmall.millis(Optional.empty(), READS);
            inLarge.millis(Optional.empty(), READS);
            compare(
                    "first page, ms",
                    inSmall.millis(Optional.empty(), READS),
                    inLarge.millis(Optional.empty(), READS),
                    report,
                    table);
            compare(
                    String.format(
                            "page %d in the small ledger, %,d in the large one, ms",
                            Math.min(THOUSANDTH, lastWhole), THOUSANDTH),
                    inSmall.millis(late, READS),
                    inLarge.millis(thousandth, READS),
                    report,
                    table);
        }
        return table.toString();
    }

    private static List<Double> thousandths(List<Double> figures) {
        return figures.stream().map(figure -> figure / 1_000).toList();
    }

    private static void compare(
            String name, List<Double> inSmall, List<Double> inLarge, Report report, TextTable table) {
        double smallMedian = Figures.median(inSmall);
        double largeMedian = Figures.median(inLarge);
        double ratio = largeMedian / smallMedian;
        table.add(name, Figures.text(smallMedian), Figures.text(largeMedian), Figures.text(ratio));
        ObjectNode row = report.json()
                .withArray("bySize")
                .addObject()
                .put("name", name)
                .put("smallMedian", Figures.rounded(smallMedian))
                .put("largeMedian", Figures.rounded(largeMedian))
                .put("ratio", Figures.rounded(ratio));
        row.put("samples", inSmall.size());
        report.add(new Target(name + ", large / small", Bound.AT_MOST, TIMES_SMALL, ratio));
    }
}
