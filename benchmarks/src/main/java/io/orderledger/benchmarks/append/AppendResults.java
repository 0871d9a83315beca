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

/** What the rounds gave. Not thread-safe. */
public final class AppendResults {
    private final List<Contestant> contestants;
    private final List<Cell> cells;
    private final Timing timing;
    private final Map<Key, List<CellRun.Outcome>> outcomes = new LinkedHashMap<>();

    AppendResults(List<Contestant> contestants, List<Cell> cells, Timing timing) {
        this.contestants = contestants;
        this.cells = cells;
        this.timing = timing;
    }

    private record Key(String contestant, int clients, int batchSize) {}

    void add(Contestant contestant, Cell cell, CellRun.Outcome outcome) {
        outcomes.computeIfAbsent(key(contestant.name(), cell), key -> new ArrayList<>())
                .add(outcome);
    }

    /** The median of the rounds in events per second; nothing for a cell that was not measured. */
    public OptionalDouble median(String contestant, int clients, int batchSize) {
        List<CellRun.Outcome> rounds = rounds(new Key(contestant, clients, batchSize));
        return rounds.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(median(rounds));
    }

    /** How many times as fast the one is as the other; nothing if one of them was not measured. */
    public OptionalDouble ratio(String contestant, String peer, int clients, int batchSize) {
        OptionalDouble ours = median(contestant, clients, batchSize);
        OptionalDouble theirs = median(peer, clients, batchSize);
        return ours.isPresent() && theirs.isPresent()
                ? OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble())
                : OptionalDouble.empty();
    }

    /** The worst lag of all rounds and cells in milliseconds; nothing if no contestant was sealed. */
    public OptionalDouble worstLagMillis() {
        return outcomes.values().stream()
                .flatMap(List::stream)
                .flatMap(outcome -> outcome.lag().stream())
                .mapToDouble(SealLag::maxMillis)
                .max();
    }

    /** The table of medians; the second one says how far sealing was behind. */
    public String table() {
        List<String> titles = new ArrayList<>(List.of("events per second"));
        cells.forEach(cell -> titles.add(cell.clients() + (cell.isBatch() ? " × " + cell.batchSize() : "")));
        TextTable rates = new TextTable(titles.toArray(String[]::new));
        TextTable lags =
                new TextTable("seal lag", "clients", "at a time", "p99 ms", "max ms", "left over", "sealed in ms");
        for (Contestant contestant : contestants) {
            List<String> row = new ArrayList<>(List.of(contestant.name()));
            for (Cell cell : cells) {
                List<CellRun.Outcome> rounds = rounds(key(contestant.name(), cell));
                row.add(rounds.isEmpty() ? "–" : Figures.text(median(rounds)));
                List<SealLag> lag = lags(rounds);
                if (!lag.isEmpty()) {
                    lags.add(
                            contestant.name(),
                            Integer.toString(cell.clients()),
                            Integer.toString(cell.batchSize()),
                            Figures.text(worst(lag).p99Millis()),
                            Figures.text(worst(lag).maxMillis()),
                            Long.toString(worst(lag).backlog()),
                            Figures.text(worst(lag).drainMillis()));
                }
            }
            rates.add(row.toArray(String[]::new));
        }
        return rates + "\n" + lags;
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
                List<CellRun.Outcome> rounds = rounds(key(contestant.name(), cell));
                if (!rounds.isEmpty()) {
                    write(measured.addObject(), cell, rounds);
                }
            }
        }
    }

    private static void write(ObjectNode json, Cell cell, List<CellRun.Outcome> rounds) {
        json.put("clients", cell.clients()).put("batchSize", cell.batchSize());
        ArrayNode rates = json.putArray("eventsPerSecond");
        rounds.forEach(round -> rates.add(Figures.rounded(round.eventsPerSecond())));
        json.put("median", Figures.rounded(median(rounds)));
        List<SealLag> lags = lags(rounds);
        if (!lags.isEmpty()) {
            json.putObject("sealLag")
                    .put("p99Millis", Figures.rounded(worst(lags).p99Millis()))
                    .put("maxMillis", Figures.rounded(worst(lags).maxMillis()))
                    .put("samples", lags.stream().mapToInt(SealLag::samples).sum())
                    .put("eventsLeftOver", worst(lags).backlog())
                    .put("sealedInMillis", Figures.rounded(worst(lags).drainMillis()));
        }
    }

    private List<CellRun.Outcome> rounds(Key key) {
        return outcomes.getOrDefault(key, List.of());
    }

    private static double median(List<CellRun.Outcome> rounds) {
        return Figures.median(
                rounds.stream().map(CellRun.Outcome::eventsPerSecond).toList());
    }

    private static List<SealLag> lags(List<CellRun.Outcome> rounds) {
        return rounds.stream().flatMap(round -> round.lag().stream()).toList();
    }

    /** The worst of each figure, whichever round it comes from. */
    private static SealLag worst(List<SealLag> lags) {
        return new SealLag(
                lags.stream().mapToDouble(SealLag::p99Millis).max().orElseThrow(),
                lags.stream().mapToDouble(SealLag::maxMillis).max().orElseThrow(),
                lags.stream().mapToInt(SealLag::samples).sum(),
                lags.stream().mapToLong(SealLag::backlog).max().orElseThrow(),
                lags.stream().mapToDouble(SealLag::drainMillis).max().orElseThrow());
    }

    private static Key key(String contestant, Cell cell) {
        return new Key(contestant, cell.clients(), cell.batchSize());
    }
}
