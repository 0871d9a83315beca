package io.orderledger.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.benchmarks.filled.FilledLedger;
import io.orderledger.benchmarks.micro.MicroBenchmarks;
import io.orderledger.benchmarks.micro.MicroBenchmarks.Cost;
import io.orderledger.benchmarks.report.Figures;
import io.orderledger.benchmarks.report.Machine;
import io.orderledger.benchmarks.report.Report;
import io.orderledger.benchmarks.report.Target;
import io.orderledger.benchmarks.report.Target.Bound;
import io.orderledger.benchmarks.report.TextTable;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.verify.VerifyBenchmark;
import io.orderledger.benchmarks.verify.VerifyBenchmark.Work;
import io.orderledger.benchmarks.workload.Samples;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What is measured on a ledger with many events. */
@Command(
        name = "verify",
        description =
                "Fills a ledger, and measures there how fast it is verified, what a proof costs, and what a seal costs.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private static final String DATABASE = "filled";
    private static final double VERIFIED_EVENTS_PER_SECOND = 250_000;
    private static final int BOTH_CORES = 2;
    private static final List<Integer> THREADS = List.of(1, BOTH_CORES);

    @Option(names = "--events", description = "in the ledger; default ${DEFAULT-VALUE}", defaultValue = "1000000")
    private long events;

    @Option(names = "--rounds", description = "of verifying; default ${DEFAULT-VALUE}", defaultValue = "3")
    private int rounds;

    @Option(names = "--no-micro", description = "leaves out what JMH measures: proofs and seals")
    private boolean withoutMicro;

    @Option(
            names = "--trial",
            description = "writes the results to benchmarks/target/results, not to benchmarks/results")
    private boolean trial;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.fromLauncher();
        Machine machine = Machine.here(checkout.serverData());
        Samples samples = Samples.in(checkout.samples());
        try (BenchmarkServer server = BenchmarkServer.start(checkout.serverData())) {
            server.createLedger(DATABASE);
            FilledLedger ledger = new FilledLedger(server, DATABASE, samples, System.err);
            ledger.addSealed(events, 1);

            Report verification = new Report("verify", checkout.commit(), machine, server.settings());
            String verified = verify(server, samples, verification).toString();
            System.out.print("\n" + verification.write(checkout.results(!trial), verified));
            if (!withoutMicro) {
                Report costs = new Report("micro", checkout.commit(), machine, server.settings());
                String micro = micro(server, ledger, costs).toString();
                System.out.print("\n" + costs.write(checkout.results(!trial), micro));
            }
        }
        return 0;
    }

    private TextTable verify(BenchmarkServer server, Samples samples, Report report)
            throws SQLException, InterruptedException {
        Map<Work, Map<Integer, List<Double>>> rates =
                new VerifyBenchmark(server, DATABASE, events, samples, System.err).run(rounds, THREADS);
        report.json().put("events", events);
        ArrayNode rows = report.json().putArray("work");
        TextTable table = new TextTable("events per second", "1 thread", "2 threads", "verify, 2 threads, beside it");
        double verified = median(rates, Work.VERIFY, BOTH_CORES);
        for (Work work : Work.values()) {
            List<String> cells = new ArrayList<>(List.of(work.title()));
            for (int threads : THREADS) {
                double median = median(rates, work, threads);
                cells.add(Figures.text(median));
                ObjectNode row = rows.addObject()
                        .put("name", work.title())
                        .put("threads", threads)
                        .put("median", Figures.rounded(median));
                ArrayNode figures = row.putArray("eventsPerSecond");
                rates.getOrDefault(work, Map.of())
                        .getOrDefault(threads, List.of())
                        .forEach(rate -> figures.add(Figures.rounded(rate)));
            }
            double share = verified / median(rates, work, BOTH_CORES);
            cells.add(Figures.text(share));
            report.json().withObject("verifyWithTwoThreadsBeside").put(work.title(), Figures.rounded(share));
            table.add(cells.toArray(String[]::new));
        }
        report.add(new Target("verify, events/s on two cores", Bound.AT_LEAST, VERIFIED_EVENTS_PER_SECOND, verified));
        return table;
    }

    private TextTable micro(BenchmarkServer server, FilledLedger ledger, Report report)
            throws IOException, RunnerException, SQLException, InterruptedException {
        TextTable table = new TextTable("cost", "median µs", "mean µs", "± µs", "median µs an event");
        ArrayNode costs = report.json().putArray("costs");
        long leaves = server.number(DATABASE, "select max(tree_size) from ledger.block");
        add(
                table,
                costs,
                String.format("inclusion proof among %,d leaves", leaves),
                MicroBenchmarks.proof(server, DATABASE));
        ledger.addPending(MicroBenchmarks.EVENTS_TO_SEAL, 2);
        for (Cost cost : MicroBenchmarks.seals(server, DATABASE)) {
            add(
                    table,
                    costs,
                    String.format("seal of %,d events", cost.blockEvents().orElseThrow()),
                    cost);
        }
        return table;
    }

    private static void add(TextTable table, ArrayNode costs, String name, Cost cost) {
        String perEvent = cost.blockEvents()
                .map(count -> Figures.text(cost.medianMicros() / count))
                .orElse("");
        table.add(
                name,
                Figures.text(cost.medianMicros()),
                Figures.text(cost.meanMicros()),
                Figures.text(cost.errorMicros()),
                perEvent);
        costs.addObject()
                .put("name", name)
                .put("medianMicros", Figures.rounded(cost.medianMicros()))
                .put("meanMicros", Figures.rounded(cost.meanMicros()))
                .put("errorMicros", Figures.rounded(cost.errorMicros()))
                .put("samples", cost.samples());
    }

    private static double median(Map<Work, Map<Integer, List<Double>>> rates, Work work, int threads) {
        return Figures.median(rates.getOrDefault(work, Map.of()).getOrDefault(threads, List.of()));
    }
}
