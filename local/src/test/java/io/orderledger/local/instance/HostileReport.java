package io.orderledger.local.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was tried and what came of it, as a table: target/reliability/hostile-….md and, with {@code -Dorderledger.hostile.document=true}, in
 * docs/reliability.md between the two lines that name it.
 */
final class HostileReport {
    private static final Path FOLDER = Path.of("target", "reliability");
    private static final Path DOCUMENT = Path.of("..", "docs", "reliability.md");

    private HostileReport() {}

    /**
     * Writes a table of counts.
     *
     * @param name how the table is named in the document
     * @param firstColumns their heads, as the counts' keys are written: with bars between them
     */
    static void write(String name, String firstColumns, Map<String, Integer> counts) throws IOException {
        String rows = counts.entrySet().stream()
                .map(row -> "| " + row.getKey() + " | " + String.format(Locale.ROOT, "%,d", row.getValue()) + " |\n")
                .collect(Collectors.joining());
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        long columns = firstColumns.chars().filter(each -> each == '|').count() + 1;
        String table = "| " + firstColumns + " | tried |\n" + "|---".repeat((int) columns) + "|--:|\n" + rows
                + "| **together** " + "| ".repeat((int) columns)
                + String.format(Locale.ROOT, "%,d", all) + " |\n";
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve("hostile-" + name + ".md"), table);
        if (Boolean.getBoolean("orderledger.hostile.document")) {
            Files.writeString(DOCUMENT, replaced(Files.readString(DOCUMENT), name, table));
        }
    }

    private static String replaced(String document, String name, String table) {
        String begin = "<!-- " + name + ": the run writes from here -->\n";
        int from = document.indexOf(begin) + begin.length();
        int to = document.indexOf("<!-- " + name + ": to here. -->");
        if (from < begin.length() || to < from) {
            throw new IllegalStateException(DOCUMENT + " has no place for " + name);
        }
        return document.substring(0, from) + "\n" + table + "\n" + document.substring(to);
    }
}
