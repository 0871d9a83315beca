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
import java.util.Map;

/** One benchmark's results on their way to a file. Not thread-safe. */
public final class Report {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final String name;
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
        this.name = name;
        json.put("benchmark", name)
                .put("date", LocalDate.now(ZoneOffset.UTC).toString())
                .put("commit", commit);
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

    /** Writes the file {@code <name>.json} into a folder, and returns the table of targets. */
    public String write(Path folder) {
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
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name + ".json"), JSON.writeValueAsString(json) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("The results could not be written", e);
        }
        return table.toString();
    }
}
