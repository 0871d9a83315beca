package io.orderledger.benchmarks.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A table for a terminal: the first column stands left, the others right. Not thread-safe. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** Begins a table with the columns' titles. */
    public TextTable(String... titles) {
        add(titles);
    }

    /** Adds a row, which has as many cells as there are titles. */
    public TextTable add(String... cells) {
        if (!rows.isEmpty() && cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(Arrays.toString(cells) + " does not fit " + rows.getFirst());
        }
        rows.add(List.of(cells));
        return this;
    }

    @Override
    public String toString() {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < rows.getFirst().size(); column++) {
            int index = column;
            widths.add(
                    rows.stream().mapToInt(row -> row.get(index).length()).max().orElse(0));
        }
        return rows.stream().map(row -> line(row, widths) + "\n").collect(Collectors.joining());
    }

    private static String line(List<String> row, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String padding = " ".repeat(widths.get(column) - row.get(column).length());
            line.append(column == 0 ? row.get(column) + padding : GAP + padding + row.get(column));
        }
        return line.toString().stripTrailing();
    }
}
