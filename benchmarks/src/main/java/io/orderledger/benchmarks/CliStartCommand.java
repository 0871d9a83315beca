package io.orderledger.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.benchmarks.clistart.RunningInstance;
import io.orderledger.benchmarks.report.Figures;
import io.orderledger.benchmarks.report.Machine;
import io.orderledger.benchmarks.report.Report;
import io.orderledger.benchmarks.report.Target;
import io.orderledger.benchmarks.report.Target.Bound;
import io.orderledger.benchmarks.report.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long a short command of the command line takes, from the shell's point of view. */
@Command(
        name = "cli-start",
        description = "Runs short commands against a running instance, each beside psql -c 'select 1', by turns.",
        mixinStandardHelpOptions = true)
final class CliStartCommand implements Callable<Integer> {
    private static final double TARGET_MILLIS = 500;
    private static final int ORDERS = 60;

    /** What makes the JVM begin without what the rehearsal left; it says so on standard error, which nobody reads here. */
    private static final Map<String, String> WITHOUT_CACHE = Map.of("JAVA_TOOL_OPTIONS", "-XX:AOTMode=off");

    @Option(names = "--rounds", description = "of all commands; default ${DEFAULT-VALUE}", defaultValue = "20")
    private int rounds;

    @Option(
            names = "--trial",
            description = "writes the results to benchmarks/target/results, not to benchmarks/results")
    private boolean trial;

    private record Measured(String name, List<String> line, Map<String, String> environment, List<Double> millis) {
        Measured(String name, List<String> line, Map<String, String> environment) {
            this(name, line, environment, new ArrayList<>());
        }
    }

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.fromLauncher();
        Machine machine = Machine.here(checkout.root());
        try (RunningInstance instance = RunningInstance.start(checkout.root())) {
            String order = instance.place(ORDERS);
            instance.run(List.of(instance.launcher(), "--prepare-start"), Map.of());
            List<Measured> all = commands(instance, order);
            // Unmeasured, for the file system's cache.
            for (Measured each : all) {
                instance.run(each.line(), each.environment());
            }
            for (int round = 0; round < rounds; round++) {
                for (Measured each : all) {
                    each.millis().add(instance.run(each.line(), each.environment()));
                }
                System.err.printf("round %d of %d%n", round + 1, rounds);
            }
            Report report = new Report("cli-start", checkout.commit(), machine, instance.settings());
            System.out.print("\n" + report.write(checkout.results(!trial), table(all, report)));
        }
        return 0;
    }

    private static List<Measured> commands(RunningInstance instance, String order) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        lines.put("order-ledger orders", List.of("orders"));
        lines.put("order-ledger orders -o json", List.of("orders", "-o", "json"));
        lines.put("order-ledger order ID", List.of("order", order));
        lines.put("order-ledger tail", List.of("tail"));
        lines.put("order-ledger status", List.of("status"));
        List<Measured> all = new ArrayList<>();
        all.add(new Measured("psql -c 'select 1'", instance.psql(), Map.of()));
        lines.forEach((name, line) -> all.add(new Measured(name, instance.command(line), Map.of())));
        all.add(new Measured(
                "order-ledger orders, without the AOT cache", instance.command(List.of("orders")), WITHOUT_CACHE));
        return all;
    }

    private static String table(List<Measured> all, Report report) {
        double psql = Figures.median(all.getFirst().millis());
        TextTable table = new TextTable("from the start to the end, ms", "median", "fastest", "slowest", "/ psql");
        ArrayNode rows = report.json().putArray("commands");
        for (Measured each : all) {
            double median = Figures.median(each.millis());
            List<Double> sorted = each.millis().stream().sorted().toList();
            table.add(
                    each.name(),
                    Figures.text(median),
                    Figures.text(sorted.getFirst()),
                    Figures.text(sorted.getLast()),
                    Figures.text(median / psql));
            ObjectNode row = rows.addObject()
                    .put("name", each.name())
                    .put("medianMillis", Figures.rounded(median))
                    .put("ratioToPsql", Figures.rounded(median / psql));
            ArrayNode figures = row.putArray("millis");
            each.millis().forEach(figure -> figures.add(Figures.rounded(figure)));
            if (each.name().startsWith("order-ledger") && each.environment().isEmpty()) {
                report.add(new Target(each.name() + ", ms", Bound.AT_MOST, TARGET_MILLIS, median));
            }
        }
        return table.toString();
    }
}
