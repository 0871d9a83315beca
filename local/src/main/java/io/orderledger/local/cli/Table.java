package io.orderledger.local.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.IntStream;

/** Text in columns. */
final class Table {
    private static final String GAP = "  ";

    private Table() {}

    static void print(List<String> heads, List<List<String>> rows, PrintWriter out) {
        int[] widths = IntStream.range(0, heads.size())
                .map(column -> Math.max(
                        length(heads.get(column)),
                        rows.stream()
                                .mapToInt(row -> length(row.get(column)))
                                .max()
                                .orElse(0)))
                .toArray();
        printRow(heads, widths, out);
        rows.forEach(row -> printRow(row, widths, out));
    }

    private static void printRow(List<String> row, int[] widths, PrintWriter out) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String text = row.get(column);
            line.append(text).append(" ".repeat(widths[column] - length(text))).append(GAP);
        }
        out.println(line.toString().stripTrailing());
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
