package io.orderledger.local.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The table of real faults in docs/reliability.md. Each kind of fault keeps its newest row in {@code target/reliability}, so that tests may run alone
 * and in any order; with {@code -Dorderledger.faults.document=true} all rows go into the document.
 */
final class FaultTable {
    private static final String BEGIN = "<!-- Real faults are written from here -->\n";
    private static final String END = "<!-- to here: real faults. -->\n";
    private static final Path ROWS = Path.of("target", "reliability", "real-faults");
    private static final Path DOCUMENT = Path.of("..", "docs", "reliability.md");
    private static final String HEAD = """
            | fault | times injected | requests in flight: mean | most | accepted in all | lost | doubled | recovered, median | recovered, last |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|
            """;

    private FaultTable() {}

    static synchronized void row(
            String fault, int times, double meanInFlight, int mostInFlight, Books.Outcome outcome, List<Long> recovery)
            throws IOException {
        String row = String.format(
                Locale.ROOT,
                "| %s | %d | %.1f | %d | %,d | %d | %d | %s | %s |%n",
                fault,
                times,
                meanInFlight,
                mostInFlight,
                outcome.accepted(),
                outcome.lost(),
                outcome.doubled(),
                recovery.isEmpty() ? "" : seconds(recovery.get(recovery.size() / 2)),
                recovery.isEmpty() ? "" : seconds(recovery.getLast()));
        Files.createDirectories(ROWS);
        Files.writeString(ROWS.resolve(fault.replaceAll("[^A-Za-z0-9]+", "-") + ".md"), row);
        System.out.print("real fault: " + row);
        if (Boolean.getBoolean("orderledger.faults.document")) {
            write();
        }
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    private static void write() throws IOException {
        List<String> rows = new ArrayList<>();
        try (var files = Files.list(ROWS)) {
            for (Path file : files.sorted().toList()) {
                rows.add(Files.readString(file));
            }
        }
        String text = Files.readString(DOCUMENT);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(DOCUMENT + " does not say where the table goes");
        }
        Files.writeString(
                DOCUMENT,
                text.substring(0, begin + BEGIN.length()) + "\n" + HEAD + String.join("", rows) + "\n"
                        + text.substring(end));
    }
}
