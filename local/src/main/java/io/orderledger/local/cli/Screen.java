package io.orderledger.local.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What people read on standard output: lines and tables, with colours where these arrive at a terminal. What others chose, such as an order's
 * customer, is made fit for a terminal here.
 */
final class Screen {
    /** What a cell or a word means; colours never say what the words do not. */
    enum Tone {
        PLAIN(""),
        STRONG("1"),
        FAINT("2"),
        WRONG("31"),
        GOOD("32"),
        ATTENTION("33");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    /** The tone of a cell, by its column and its text. */
    interface Tones {
        Tones PLAIN = (column, text) -> Tone.PLAIN;

        Tone of(int column, String text);
    }

    private static final String GAP = "  ";

    private final PrintWriter out;
    private final boolean colours;

    Screen(PrintWriter out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    /** Prints a line; the values are those of the format. */
    @SuppressWarnings("AnnotateFormatMethod") // it would take a dependency, and tests run every format
    void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    void empty() {
        out.println();
    }

    /** Prints text that is complete, line ends and all. */
    void raw(String text) {
        out.print(text);
    }

    /** A name of a fact, and the fact. */
    void fact(String name, String value) {
        out.println(painted(Tone.FAINT, "%-12s ".formatted(name)) + printable(value));
    }

    void table(List<String> heads, List<List<String>> rows) {
        table(heads, rows, Tones.PLAIN);
    }

    void table(List<String> heads, List<List<String>> rows, Tones tones) {
        List<List<String>> cells = rows.stream()
                .map(row -> row.stream().map(Screen::printable).toList())
                .toList();
        int[] widths = IntStream.range(0, heads.size())
                .map(column -> Math.max(
                        length(heads.get(column)),
                        cells.stream()
                                .mapToInt(row -> length(row.get(column)))
                                .max()
                                .orElse(0)))
                .toArray();
        row(heads, widths, (column, text) -> Tone.STRONG);
        cells.forEach(row -> row(row, widths, tones));
    }

    /** A row in columns of these widths, for tables whose end is not known. */
    void row(List<String> row, int[] widths, Tones tones) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String text = printable(row.get(column));
            boolean last = column == row.size() - 1;
            line.append(painted(tones.of(column, text), text));
            if (!last) {
                line.append(" ".repeat(Math.max(0, widths[column] - length(text))))
                        .append(GAP);
            }
        }
        out.println(line.toString().stripTrailing());
    }

    String painted(Tone tone, String text) {
        return colours && tone != Tone.PLAIN && !text.isEmpty()
                ? "\u001b[" + tone.code + "m" + text + "\u001b[0m"
                : text;
    }

    void flush() {
        out.flush();
    }

    /** True once nobody reads any more, as at the end of a pipe into {@code head}. */
    boolean isClosed() {
        return out.checkError();
    }

    /** Text that somebody else chose, without what a terminal takes for a command or for an order to read backwards. */
    static String printable(String text) {
        if (text.codePoints().allMatch(Screen::isPrintable)) {
            return text;
        }
        return text.codePoints()
                .map(character -> isPrintable(character) ? character : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
