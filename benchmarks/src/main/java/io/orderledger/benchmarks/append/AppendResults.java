package io.orderledger.benchmarks.append;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.benchmarks.report.Figures;
import io.orderledger.benchmarks.report.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/** What the rounds gave. Not thread-safe. */
public final class AppendResults {
    private static final String ABSENT = "–";

    private final List<Contestant> contestants;
    private final List<Cell> cells;
    private final Timing timing;
    private final String floor;
    private final Map<Key, List<CellRun.Outcome>> outcomes = new LinkedHashMap<>();

    /** Begins without any round; the floor is the name of the contestant that the others are divided by. */
    AppendResults(List<Contestant> contestants, List<Cell> cells, Timing timing, String floor) {
        this.contestants = contestants;
        this.cells = cells;
        this.timing = timing;
        this.floor = floor;
    }

    private record Key(String contestant, Cell cell) {}

    void add(String contestant, Cell cell, CellRun.Outcome outcome) {
        outcomes.computeIfAbsent(new Key(contestant, cell), key -> new ArrayList<>())
                .add(outcome);
    }

    /** The median of the rounds in events per second; nothing for a cell that was not measured. */
    OptionalDouble median(String contestant, Cell cell) {
        List<CellRun.Outcome> rounds = rounds(contestant, cell);
        return rounds.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Figures.median(
                        rounds.stream().map(CellRun.Outcome::eventsPerSecond).toList()));
    }

    /** How many times as fast the one is as the other; nothing if one of them was not measured. */
    OptionalDouble ratio(String contestant, String peer, Cell cell) {
        OptionalDouble ours = median(contestant, cell);
        OptionalDouble theirs = median(peer, cell);
        return ours.isPresent() && theirs.isPresent()
                ? OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble())
                : OptionalDouble.empty();
    }

    /** The worst lag of all rounds and cells in milliseconds; nothing if no contestant was sealed. */
    OptionalDouble worstLagMillis() {
        return outcomes.values().stream()
                .flatMap(List::stream)
                .flatMap(outcome -> outcome.lag().stream())
                .mapToDouble(SealLag::maxMillis)
                .max();
    }

    /** Three tables: medians, what they are beside the floor, and how far sealing was behind. */
    public String tables() {
        return byCell("events per second", cell -> contestant -> median(contestant, cell)) + "\n"
                + byCell("beside the " + floor, cell -> contestant -> ratio(contestant, floor, cell)) + "\n" + lags();
    }

    private TextTable byCell(String title, Function<Cell, Function<String, OptionalDouble>> figures) {
        List<String> titles = new ArrayList<>(List.of(title));
        cells.forEach(cell -> titles.add(cell.clients() + (cell.isBatch() ? " × " + cell.batchSize() : "")));
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (Contestant contestant : contestants) {
            List<String> row = new ArrayList<>(List.of(contestant.name()));
            for (Cell cell : cells) {
                OptionalDouble figure = figures.apply(cell).apply(contestant.name());
                row.add(figure.isPresent() ? Figures.text(figure.getAsDouble()) : ABSENT);
            }
            table.add(row.toArray(String[]::new));
        }
        return table;
    }

    private TextTable lags() {
        TextTable table = new TextTable(
                "oldest event in no block", "clients", "at a time", "p99 ms", "max ms", "left over", "sealed in ms");
        for (Contestant contestant : contestants) {
            for (Cell cell : cells) {
                List<SealLag> lags = lags(contestant.name(), cell);
                if (!lags.isEmpty()) {
                    SealLag worst = SealLag.worst(lags);
                    table.add(
                            contestant.name(),
                            Integer.toString(cell.clients()),
                            Integer.toString(cell.batchSize()),
                            Figures.text(worst.p99Millis()),
                            Figures.text(worst.maxMillis()),
                            Long.toString(worst.backlog()),
                            Figures.text(worst.drainMillis()));
                }
            }
        }
        return table;
    }

    /** Puts every round into a report. */
    public void writeTo(ObjectNode json) {
        json.putObject("timing")
                .put("warmUpSeconds", timing.warmUp().toMillis() / 1e3)
                .put("measuredSeconds", timing.measured().toMillis() / 1e3)
                .put("rounds", timing.rounds());
        ArrayNode rows = json.putArray("contestants");
        for (Contestant contestant : contestants) {
            ObjectNode row = rows.addObject().put("name", contestant.name()).put("what", contestant.description());
            ArrayNode measured = row.putArray("cells");
            for (Cell cell : cells) {
                if (!rounds(contestant.name(), cell).isEmpty()) {
                    write(measured.addObject(), contestant.name(), cell);
                }
            }
        }
    }

    private void write(ObjectNode json, String contestant, Cell cell) {
        json.put("clients", cell.clients()).put("batchSize", cell.batchSize());
        ArrayNode rates = json.putArray("eventsPerSecond");
        rounds(contestant, cell).forEach(round -> rates.add(Figures.rounded(round.eventsPerSecond())));
        median(contestant, cell).ifPresent(median -> json.put("median", Figures.rounded(median)));
        ratio(contestant, floor, cell)
                .ifPresent(ratio -> json.putObject("beside").put(floor, Figures.rounded(ratio)));
        List<SealLag> lags = lags(contestant, cell);
        if (!lags.isEmpty()) {
            SealLag worst = SealLag.worst(lags);
            json.putObject("sealLag")
                    .put("p99Millis", Figures.rounded(worst.p99Millis()))
                    .put("maxMillis", Figures.rounded(worst.maxMillis()))
                    .put("samples", worst.samples())
                    .put("eventsLeftOver", worst.backlog())
                    .put("sealedInMillis", Figures.rounded(worst.drainMillis()));
        }
    }

    private List<CellRun.Outcome> rounds(String contestant, Cell cell) {
        return outcomes.getOrDefault(new Key(contestant, cell), List.of());
    }

    private List<SealLag> lags(String contestant, Cell cell) {
        return rounds(contestant, cell).stream()
                .flatMap(round -> round.lag().stream())
                .toList();
    }
}
