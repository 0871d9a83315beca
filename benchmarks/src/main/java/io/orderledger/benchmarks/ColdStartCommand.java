package io.orderledger.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.benchmarks.coldstart.ColdStarts;
import io.orderledger.benchmarks.coldstart.ColdStarts.Measured;
import io.orderledger.benchmarks.report.Figures;
import io.orderledger.benchmarks.report.Machine;
import io.orderledger.benchmarks.report.Report;
import io.orderledger.benchmarks.report.Target;
import io.orderledger.benchmarks.report.Target.Bound;
import io.orderledger.benchmarks.report.TextTable;
import io.orderledger.benchmarks.server.BenchmarkServer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long create-order takes to start. */
@Command(
        name = "cold-start",
        description =
                "Starts create-order and a function that only inserts, on one processor, and takes the time until they have answered.",
        mixinStandardHelpOptions = true)
final class ColdStartCommand implements Callable<Integer> {
    private static final String DATABASE = "coldstart";
    private static final double WITHOUT_CACHE_MILLIS = 700;
    private static final double WITH_CACHE_MILLIS = 450;
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final List<Integer> MEMORY_MEGABYTES = List.of(512, 1_024, 1_769);

    @Option(names = "--rounds", description = "of all starts; default ${DEFAULT-VALUE}", defaultValue = "20")
    private int rounds;

    @Option(
            names = "--memory-rounds",
            description = "of starts with shares of the processor; 0 leaves them out; default ${DEFAULT-VALUE}",
            defaultValue = "5")
    private int memoryRounds;

    @Option(
            names = "--trial",
            description = "writes the results to benchmarks/target/results, not to benchmarks/results")
    private boolean trial;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.fromLauncher();
        Machine machine = Machine.here(checkout.serverData());
        try (BenchmarkServer server = BenchmarkServer.start(checkout.serverData())) {
            server.createLedger(DATABASE);
            ColdStarts starts = new ColdStarts(server, DATABASE, checkout.handlers(), checkout.coldStart());
            List<Measured> measured = starts.run(rounds, System.err);
            Report report = new Report("cold-start", checkout.commit(), machine, server.settings());
            report.json()
                    .put("archiveBytes", starts.archiveBytes())
                    .put("unpackedBytes", starts.unpackedBytes())
                    .put("cacheBytes", starts.cacheBytes())
                    .put("heapUsedBytes", starts.memory().heap())
                    .put("metaspaceUsedBytes", starts.memory().metaspace());
            double floor = Figures.median(measured.getFirst().milliseconds());
            measured.forEach(start -> target(start.name(), Figures.median(start.milliseconds()), report));
            String table =
                    table(measured, floor, report.json().putArray("starts")).toString()
                            + byMemory(starts, floor, report)
                            + String.format(
                                    Locale.ROOT,
                                    "%narchive %.1f MB, unpacked %.1f MB, cache %.1f MB; in use after the answer: heap %.1f MB,"
                                            + " metaspace %.1f MB%n",
                                    starts.archiveBytes() / BYTES_PER_MEGABYTE,
                                    starts.unpackedBytes() / BYTES_PER_MEGABYTE,
                                    starts.cacheBytes() / BYTES_PER_MEGABYTE,
                                    starts.memory().heap() / BYTES_PER_MEGABYTE,
                                    starts.memory().metaspace() / BYTES_PER_MEGABYTE)
                            + profile(starts, report);
            System.out.print("\n" + report.write(checkout.results(!trial), table));
        }
        return 0;
    }

    private static String profile(ColdStarts starts, Report report) {
        TextTable table = new TextTable("classes that create-order loads until its answer, from", "");
        ObjectNode classes = report.json().putObject("classes");
        starts.classes().forEach((source, count) -> {
            table.add(source, Long.toString(count));
            classes.put(source, count);
        });
        TextTable phases = new TextTable("and what it does, with that log switched on", "from ms on");
        ObjectNode begins = report.json().putObject("phasesBeginAtMillis");
        starts.phases().forEach((phase, millis) -> {
            phases.add(phase, Figures.text(millis));
            begins.put(phase, millis);
        });
        return "\n" + table + "\n" + phases;
    }

    private String byMemory(ColdStarts starts, double floor, Report report) throws IOException {
        if (memoryRounds == 0) {
            return "";
        }
        List<Measured> measured = starts.byMemory(MEMORY_MEGABYTES, memoryRounds, System.err);
        return measured.isEmpty()
                ? "\nshares of the processor: this user may make no control groups\n"
                : "\ncreate-order with the share of the processor that Lambda gives for so much memory\n"
                        + table(measured, floor, report.json().putArray("byMemory"));
    }

    private static TextTable table(List<Measured> measured, double floor, ArrayNode rows) {
        TextTable table = new TextTable(
                "from the process to the first answer, ms",
                "median",
                "of that until it asks",
                "fastest",
                "slowest",
                "floor's share",
                "resident MB");
        for (Measured start : measured) {
            double median = Figures.median(start.milliseconds());
            table.add(
                    start.name(),
                    Figures.text(median),
                    Figures.text(Figures.median(start.untilAsking())),
                    Figures.text(start.milliseconds().stream()
                            .mapToDouble(d -> d)
                            .min()
                            .orElseThrow()),
                    Figures.text(start.milliseconds().stream()
                            .mapToDouble(d -> d)
                            .max()
                            .orElseThrow()),
                    Figures.text(floor / median),
                    Figures.text(Figures.median(start.residentBytes()) / BYTES_PER_MEGABYTE));
            ObjectNode row = rows.addObject()
                    .put("name", start.name())
                    .put("medianMillis", Figures.rounded(median))
                    .put("untilAskingMillis", Figures.rounded(Figures.median(start.untilAsking())))
                    .put("floorShare", Figures.rounded(floor / median))
                    .put("residentBytes", Figures.rounded(Figures.median(start.residentBytes())));
            ArrayNode figures = row.putArray("millis");
            start.milliseconds().forEach(figure -> figures.add(Figures.rounded(figure)));
        }
        return table;
    }

    private static void target(String name, double median, Report report) {
        switch (name) {
            case ColdStarts.PLAIN ->
                report.add(new Target("create-order without a cache, ms", Bound.AT_MOST, WITHOUT_CACHE_MILLIS, median));
            case ColdStarts.CACHED ->
                report.add(new Target("create-order with a cache, ms", Bound.AT_MOST, WITH_CACHE_MILLIS, median));
            default -> {}
        }
    }
}
