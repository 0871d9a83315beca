package io.orderledger.benchmarks;

import io.orderledger.benchmarks.filled.BulkLedgers;
import io.orderledger.benchmarks.rebuild.EngineRebuild;
import io.orderledger.benchmarks.rebuild.ReadsBeside;
import io.orderledger.benchmarks.report.Figures;
import io.orderledger.benchmarks.report.Machine;
import io.orderledger.benchmarks.report.Report;
import io.orderledger.benchmarks.report.TextTable;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What readers notice of a rebuild. */
@Command(
        name = "reads",
        description = "Reads pages and appends, at the same rates, without and during rebuilds of the list of orders.",
        mixinStandardHelpOptions = true)
final class ReadsCommand implements Callable<Integer> {
    private static final String COPY = "read_beside_rebuild";
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;

    @Option(names = "--events", description = "in the ledger; default ${DEFAULT-VALUE}", defaultValue = "1000000")
    private long events;

    @Option(
            names = "--rounds",
            description = "by turns without and during a rebuild; default ${DEFAULT-VALUE}",
            defaultValue = "4")
    private int rounds;

    @Option(
            names = "--workers",
            split = ",",
            description = "of the rebuilds; default ${DEFAULT-VALUE}",
            defaultValue = "1,2")
    private List<Integer> workers = List.of();

    @Option(
            names = "--reads-per-second",
            description = "of four clients together; default ${DEFAULT-VALUE}",
            defaultValue = "200")
    private int readsPerSecond;

    @Option(
            names = "--appends-per-second",
            description = "of four clients together; default ${DEFAULT-VALUE}",
            defaultValue = "100")
    private int appendsPerSecond;

    @Option(
            names = "--seconds",
            description = "of a turn without a rebuild; default ${DEFAULT-VALUE}",
            defaultValue = "8")
    private int seconds;

    @Option(
            names = "--trial",
            description = "writes the results to benchmarks/target/results, not to benchmarks/results")
    private boolean trial;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.fromLauncher();
        Machine machine = Machine.here(checkout.keptServer());
        Samples samples = Samples.in(checkout.samples());
        try (BenchmarkServer server = BenchmarkServer.startKept(checkout.keptServer())) {
            String filled = new BulkLedgers(server, checkout.migrations(), System.err).with(events);
            Report report = new Report("reads", checkout.commit(), machine, server.settings());
            server.drop(COPY);
            server.copy(filled, COPY);
            try {
                EngineRebuild.all(server, COPY);
                server.execute(COPY, "vacuum (analyze)");
                ReadsBeside clients = new ReadsBeside(server, COPY, samples, readsPerSecond, appendsPerSecond);
                System.out.print("\n" + report.write(checkout.results(!trial), measured(server, clients, report)));
            } finally {
                server.drop(COPY);
            }
        }
        return 0;
    }

    private String measured(BenchmarkServer server, ReadsBeside clients, Report report) throws InterruptedException {
        EngineRebuild engine = new EngineRebuild(server, COPY, EngineRebuild.ORDERS);
        // Unmeasured, for the JVM's compiler and the caches.
        clients.beside(() -> Thread.sleep(1_000L * seconds));
        clients.beside(() -> engine.run(workers.getFirst()));
        Turns without = new Turns();
        List<Turns> during = workers.stream().map(count -> new Turns()).toList();
        for (int round = 0; round < rounds; round++) {
            without.add(clients.beside(() -> Thread.sleep(1_000L * seconds)));
            for (int i = 0; i < workers.size(); i++) {
                int count = workers.get(i);
                during.get(i).add(clients.beside(() -> engine.run(count)));
            }
            System.err.printf("round %d of %d%n", round + 1, rounds);
        }
        TextTable table = new TextTable(
                "reads of a page, ms", "reads", "median", "99 %", "worst", "99 % / without", "seconds a turn");
        add("without a rebuild", 0, without, without, report, table);
        for (int i = 0; i < workers.size(); i++) {
            String name = "during a rebuild, workers: " + workers.get(i);
            add(name, workers.get(i), during.get(i), without, report, table);
        }
        report.json()
                .put("events", events)
                .put("readsPerSecond", readsPerSecond)
                .put("appendsPerSecond", appendsPerSecond);
        return table.toString();
    }

    private static void add(String name, int workers, Turns turns, Turns without, Report report, TextTable table) {
        List<Double> millis = turns.sorted();
        double p99 = Figures.share(millis, P99);
        double ratio = p99 / Figures.share(without.sorted(), P99);
        double secondsATurn = turns.seconds / turns.count;
        table.add(
                name,
                String.format("%,d", millis.size()),
                Figures.text(Figures.share(millis, MEDIAN)),
                Figures.text(p99),
                Figures.text(millis.getLast()),
                Figures.text(ratio),
                Figures.text(secondsATurn));
        report.json()
                .withArray("reads")
                .addObject()
                .put("name", name)
                .put("workers", workers)
                .put("reads", millis.size())
                .put("appended", turns.appended)
                .put("medianMillis", Figures.rounded(Figures.share(millis, MEDIAN)))
                .put("p99Millis", Figures.rounded(p99))
                .put("worstMillis", Figures.rounded(millis.getLast()))
                .put("p99RatioToWithout", Figures.rounded(ratio))
                .put("turns", turns.count)
                .put("secondsATurn", Figures.rounded(secondsATurn));
    }

    /** What was seen in the turns of one kind, together. */
    private static final class Turns {
        private final List<Double> millis = new ArrayList<>();
        private long appended;
        private double seconds;
        private int count;

        void add(ReadsBeside.Outcome outcome) {
            millis.addAll(outcome.readMillis());
            appended += outcome.appended();
            seconds += outcome.seconds();
            count++;
        }

        List<Double> sorted() {
            return millis.stream().sorted().toList();
        }
    }
}
