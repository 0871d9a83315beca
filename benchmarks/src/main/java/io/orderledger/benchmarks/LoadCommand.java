package io.orderledger.benchmarks;

import io.orderledger.benchmarks.load.LoadReport;
import io.orderledger.benchmarks.load.LoadRun;
import io.orderledger.benchmarks.load.NumberedOrders;
import io.orderledger.benchmarks.report.Machine;
import io.orderledger.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How much the local run takes, for how long, and whether what it accepted is there once. */
@Command(
        name = "load",
        description = {
            "Finds the highest rate of orders that a local run sustains, keeps 80 % of it up, delivers everything again, and adds bursts.",
            "Exit code 1: something was lost, doubled, or is there though nobody sent it."
        },
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
    private static final double SHARE = 0.8;
    private static final Duration BURST = Duration.ofSeconds(10);

    @Option(names = "--minutes", description = "at 80 %%; default ${DEFAULT-VALUE}", defaultValue = "30")
    private double minutes;

    @Option(
            names = "--rate",
            description = "orders a second to take as the highest rate, in place of finding it",
            defaultValue = "0")
    private double rate;

    @Option(
            names = "--trial",
            description = "tries each rate for a shorter time, and writes the results to benchmarks/target/results")
    private boolean trial;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.fromLauncher();
        Path folder = checkout.load();
        delete(folder);
        Files.createDirectories(folder);
        Duration duration =
                Duration.ofMillis(Math.round(minutes * Duration.ofMinutes(1).toMillis()));
        LoadRun.Plan plan = new LoadRun.Plan(
                rate, SHARE, duration, Duration.ofSeconds(trial ? 4 : 10), Duration.ofSeconds(trial ? 10 : 40), BURST);
        Machine machine = Machine.here(folder);
        NumberedOrders orders = NumberedOrders.of(checkout.samples(), System.nanoTime());
        LoadRun.Outcome outcome = new LoadRun(checkout.root(), folder, orders, plan).run();
        Report report = new Report("load", checkout.commit(), machine, outcome.settings());
        Path results = checkout.results(!trial);
        System.out.print("\n" + report.write(results, LoadReport.tables(outcome, duration, report)));
        Files.writeString(results.resolve("load.svg"), LoadReport.picture(outcome, duration));
        delete(folder);
        return LoadReport.fits(outcome) ? 0 : 1;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> files;
            try (var walk = Files.walk(folder)) {
                files = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
