package io.orderledger.benchmarks.rebuild;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.benchmarks.report.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How long something took.
 *
 * @param total seconds
 * @param parts its parts, in their order
 */
public record Seconds(double total, List<Part> parts) {
    public Seconds {
        parts = List.copyOf(parts);
    }

    /** A part, and its seconds. */
    public record Part(String name, double seconds) {}

    /** Measures parts one after another. Not thread-safe. */
    static final class Watch {
        private final long begin = System.nanoTime();
        private final List<Part> parts = new ArrayList<>();
        private long partBegin = begin;

        /** Ends a part, which began when the one before ended. */
        void end(String part) {
            long now = System.nanoTime();
            parts.add(new Part(part, (now - partBegin) / 1e9));
            partBegin = now;
        }

        Seconds stop() {
            return new Seconds((System.nanoTime() - begin) / 1e9, parts);
        }
    }

    /** For people: the parts. */
    public String partsText() {
        return parts.stream()
                .map(part -> part.name() + " " + Figures.text(part.seconds()))
                .collect(Collectors.joining(", "));
    }

    /** For people: the whole and the parts. */
    public String text() {
        return Figures.text(total) + " s (" + partsText() + ")";
    }

    /** The whole and the parts. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("seconds", Figures.rounded(total));
        ObjectNode named = json.putObject("parts");
        parts.forEach(part -> named.put(part.name(), Figures.rounded(part.seconds())));
        return json;
    }
}
