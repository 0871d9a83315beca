package io.orderledger.handlers.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes the place of the function's log. */
public final class WrittenMetrics {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant NOW = Instant.ofEpochMilli(1_764_000_000_123L);

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    public Metrics metrics() {
        return new Metrics("OrderLedger/test", new PrintStream(log, true, UTF_8), () -> NOW);
    }

    public List<JsonNode> lines() {
        return log.toString(UTF_8).lines().map(WrittenMetrics::json).toList();
    }

    /** The last value of a metric of the deployment as a whole. */
    public Optional<Double> value(String metric) {
        return lines().stream()
                .filter(line ->
                        line.at("/_aws/CloudWatchMetrics/0/Dimensions/0").isEmpty())
                .filter(line -> line.has(metric))
                .reduce((_, last) -> last)
                .map(line -> line.get(metric).doubleValue());
    }

    /** The last value of a metric of one of several alike. */
    public Optional<Double> value(String metric, String dimension, String name) {
        return lines().stream()
                .filter(line -> line.path(dimension).asText().equals(name) && line.has(metric))
                .reduce((_, last) -> last)
                .map(line -> line.get(metric).doubleValue());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
