package io.orderledger.benchmarks.report;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One benchmark's results on their way to a file. Not thread-safe. */
public final class Report {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final String name;
    private final String heading;
    private final ObjectNode json = JSON.createObjectNode();
    private final List<Target> targets = new ArrayList<>();

    /**
     * Begins a report.
     *
     * @param name of the benchmark, and of its file
     * @param commit of the code that is measured
     * @param settings of the database server
     */
    public Report(String name, String commit, Machine machine, Map<String, String> settings) {
        String date = LocalDate.now(ZoneOffset.UTC).toString();
        this.name = name;
        this.heading = String.format(
                Locale.ROOT,
                "%s, %s, commit %s%n%s; PostgreSQL %s, fsync %s, shared_buffers %s%n",
                name,
                date,
                commit,
                machine,
                settings.get("server_version"),
                settings.get("fsync"),
                settings.get("shared_buffers"));
        json.put("benchmark", name).put("date", date).put("commit", commit);
        json.set("machine", machine.toJson());
        json.set("server", JSON.valueToTree(settings));
    }

    /** Where the benchmark puts its own figures. */
    public ObjectNode json() {
        return json;
    }

    /** Adds what a figure is meant to be. */
    public void add(Target target) {
        targets.add(target);
    }

    /**
     * Writes {@code <name>.json} and, for people, {@code <name>.txt} into a folder.
     *
     * @param tables what people get to read before the targets
     * @return what people get to read, in all
     */
    public String write(Path folder, String tables) {
        ArrayNode judged = json.putArray("targets");
        TextTable table = new TextTable("target", "wanted", "measured", "");
        for (Target target : targets) {
            judged.add(target.toJson());
            table.add(
                    target.name(),
                    target.limitText(),
                    Figures.text(target.measured()),
                    target.isMet() ? "met" : "MISSED");
        }
        String text = heading + "\n" + tables + (targets.isEmpty() ? "" : "\n" + table);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name + ".json"), JSON.writeValueAsString(json) + "\n");
            Files.writeString(folder.resolve(name + ".txt"), text);
        } catch (IOException e) {
            throw new UncheckedIOException("The results could not be written", e);
        }
        return text;
    }
}
