package io.orderledger.local.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What was tried and what came of it, as tables: target/reliability/hostile-*.md, which docs/reliability.md takes its figures from. */
final class HostileReport {
    private static final Path FOLDER = Path.of("target", "reliability");

    private HostileReport() {}

    static void write(String title, Map<String, Integer> counts) throws IOException {
        Files.createDirectories(FOLDER);
        String name = "hostile-" + title.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-") + ".md";
        String rows = counts.entrySet().stream()
                .map(row -> "| " + row.getKey().replace("|", "\\|") + " | " + row.getValue() + " |\n")
                .collect(Collectors.joining());
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        Files.writeString(
                FOLDER.resolve(name),
                title + ": " + all + "\n\n| | |\n|---|--:|\n" + rows,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }
}
