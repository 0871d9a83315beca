package io.orderledger.benchmarks.append;

import io.orderledger.benchmarks.report.Figures;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.Samples;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures every contestant in every cell. Each round of a cell begins with a fresh copy of the contestant's database and a checkpoint. The
 * contestants take turns within each cell, in another order in each round, so that whatever disturbs the machine disturbs all of them.
 */
public final class AppendBenchmark {
    private static final String DATABASE = "measured";
    private static final Timing REHEARSAL = new Timing(Duration.ZERO, Duration.ofSeconds(3), 1);
    private static final int REHEARSING_CLIENTS = 8;

    private final BenchmarkServer server;
    private final List<Contestant> contestants;
    private final List<Cell> cells;
    private final Timing timing;
    private final Samples samples;
    private final PrintStream progress;

    /**
     * Plans a run.
     *
     * @param clients numbers of clients
     * @param batchSizes events in one append
     * @param progress is told of every round
     */
    public AppendBenchmark(
            BenchmarkServer server,
            List<Contestant> contestants,
            List<Integer> clients,
            List<Integer> batchSizes,
            Timing timing,
            Samples samples,
            PrintStream progress) {
        this.server = server;
        this.contestants = contestants;
        this.cells = batchSizes.stream()
                .flatMap(size -> clients.stream().map(count -> new Cell(count, size)))
                .toList();
        this.timing = timing;
        this.samples = samples;
        this.progress = progress;
    }

    /** Runs all of it. */
    public AppendResults run() throws SQLException, InterruptedException {
        Map<Contestant, String> templates = new LinkedHashMap<>();
        for (Contestant contestant : contestants) {
            String template = "template_" + templates.size();
            contestant.install(server, template);
            templates.put(contestant, template);
        }
        // Once for the JVM's compiler; the figures are thrown away.
        for (Contestant contestant : contestants) {
            for (int size : cells.stream().map(Cell::batchSize).distinct().toList()) {
                measure(contestant, templates, new Cell(REHEARSING_CLIENTS, size), REHEARSAL, 0);
            }
        }
        AppendResults results = new AppendResults(contestants, cells, timing, AppendTargets.BARE_INSERT);
        for (int round = 1; round <= timing.rounds(); round++) {
            for (Cell cell : cells) {
                for (Contestant contestant : inTurn(round)) {
                    CellRun.Outcome outcome = measure(contestant, templates, cell, timing, round);
                    results.add(contestant.name(), cell, outcome);
                    progress.printf(
                            "round %d of %d, %2d clients, %3d at a time, %-32s %10s events/s%n",
                            round,
                            timing.rounds(),
                            cell.clients(),
                            cell.batchSize(),
                            contestant.name(),
                            Figures.text(outcome.eventsPerSecond()));
                }
            }
        }
        return results;
    }

    private CellRun.Outcome measure(
            Contestant contestant, Map<Contestant, String> templates, Cell cell, Timing timing, int round)
            throws SQLException, InterruptedException {
        server.drop(DATABASE);
        server.copy(templates.getOrDefault(contestant, ""), DATABASE);
        return new CellRun(server, DATABASE, contestant, cell, timing, samples).measure(round);
    }

    private List<Contestant> inTurn(int round) {
        List<Contestant> turned = new ArrayList<>(contestants);
        Collections.rotate(turned, round - 1);
        return turned;
    }
}
