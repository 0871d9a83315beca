package io.orderledger.benchmarks;

import io.orderledger.benchmarks.append.AppendBenchmark;
import io.orderledger.benchmarks.append.AppendResults;
import io.orderledger.benchmarks.append.AppendTargets;
import io.orderledger.benchmarks.append.Contestant;
import io.orderledger.benchmarks.append.Timing;
import io.orderledger.benchmarks.append.contestants.Axon;
import io.orderledger.benchmarks.append.contestants.BareInsert;
import io.orderledger.benchmarks.append.contestants.Emmett;
import io.orderledger.benchmarks.append.contestants.LedgerFunction;
import io.orderledger.benchmarks.append.contestants.MessageDb;
import io.orderledger.benchmarks.append.contestants.OrderLedger;
import io.orderledger.benchmarks.report.Machine;
import io.orderledger.benchmarks.report.Report;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Appends per second. */
@Command(
        name = "append",
        description = "Appends per second at some numbers of clients, beside a bare INSERT and other event stores.",
        mixinStandardHelpOptions = true)
final class AppendCommand implements Callable<Integer> {
    private static final long MILLIS = 1_000;

    @Option(names = "--seconds", description = "measured in each round; default ${DEFAULT-VALUE}", defaultValue = "1.5")
    private double seconds;

    @Option(names = "--warm-up", description = "seconds before that; default ${DEFAULT-VALUE}", defaultValue = "0.5")
    private double warmUpSeconds;

    @Option(names = "--rounds", description = "of each cell; default ${DEFAULT-VALUE}", defaultValue = "3")
    private int rounds;

    @Option(names = "--clients", description = "default ${DEFAULT-VALUE}", split = ",", defaultValue = "1,8,32")
    private List<Integer> clients = List.of();

    @Option(
            names = "--batch",
            description = "events in one append; default ${DEFAULT-VALUE}",
            split = ",",
            defaultValue = "1,100")
    private List<Integer> batchSizes = List.of();

    @Option(names = "--only", description = "contestants whose name this pattern finds", defaultValue = "")
    private Pattern only = Pattern.compile("");

    @Option(
            names = "--trial",
            description = "writes the results to benchmarks/target/results, not to benchmarks/results")
    private boolean trial;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.fromLauncher();
        Machine machine = Machine.here(checkout.serverData());
        Timing timing = new Timing(duration(warmUpSeconds), duration(seconds), rounds);
        try (BenchmarkServer server = BenchmarkServer.start(checkout.serverData())) {
            Report report = new Report("append", checkout.commit(), machine, server.settings());
            AppendResults results = new AppendBenchmark(
                            server,
                            contestants(checkout.peers()).stream()
                                    .filter(contestant ->
                                            only.matcher(contestant.name()).find())
                                    .toList(),
                            clients,
                            batchSizes,
                            timing,
                            Samples.in(checkout.samples()),
                            System.err)
                    .run();
            results.writeTo(report.json());
            AppendTargets.of(results).forEach(report::add);
            System.out.print("\n" + report.write(checkout.results(!trial), results.tables()));
        }
        return 0;
    }

    private static List<Contestant> contestants(Path peers) {
        Path nodeModules = peers.resolve("node_modules");
        return List.of(
                new OrderLedger(true),
                new OrderLedger(false),
                new LedgerFunction(),
                new BareInsert(),
                new MessageDb(nodeModules, 1),
                new MessageDb(nodeModules, 1_000),
                new Emmett(peers),
                new Axon());
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.round(seconds * MILLIS));
    }
}
