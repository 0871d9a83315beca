package io.orderledger.handlers.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Writes figures in CloudWatch's embedded metric format: a line of the function's log is a value of each metric in it. No call to AWS is
 * made, so nothing can fail or wait.
 *
 * <p>Thread-safe: a line is written at once.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">The
 *     format</a>
 */
public final class Metrics {
    private static final String NAMESPACE = "METRICS_NAMESPACE";
    private static final String DISABLED = "METRICS_DISABLED";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String namespace;
    private final PrintStream log;
    private final InstantSource clock;

    /** The unit of a metric, by the name that CloudWatch knows. */
    public enum Unit {
        COUNT("Count"),
        SECONDS("Seconds");

        private final String name;

        Unit(String name) {
            this.name = name;
        }
    }

    /** One value of a metric. */
    public record Value(String metric, Unit unit, double value) {}

    Metrics(String namespace, PrintStream log, InstantSource clock) {
        this.namespace = namespace;
        this.log = log;
        this.clock = clock;
    }

    /**
     * Writes to standard output, which Lambda takes for the function's log as it is.
     *
     * @param environment names the namespace: METRICS_NAMESPACE; METRICS_DISABLED says "true" where nobody takes figures out of the log
     * @throws IllegalStateException if it names none
     */
    public static Metrics from(Map<String, String> environment) {
        return from(environment, System.out);
    }

    static Metrics from(Map<String, String> environment, PrintStream output) {
        String namespace = Optional.ofNullable(environment.get(NAMESPACE))
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new IllegalStateException("Environment variable " + NAMESPACE + " is required"));
        boolean disabled = "true".equals(environment.get(DISABLED));
        return new Metrics(
                namespace,
                disabled ? new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) : output,
                InstantSource.system());
    }

    /** Values of the deployment as a whole. */
    public void write(Value... values) {
        write(JSON.arrayNode(), JSON.objectNode(), values);
    }

    /** Values of one of several alike: a projection, a queue. Each such name is a metric of its own, and is paid for. */
    public void writeFor(String dimension, String name, Value... values) {
        write(JSON.arrayNode().add(dimension), JSON.objectNode().put(dimension, name), values);
    }

    private void write(ArrayNode dimensions, ObjectNode line, Value... values) {
        ArrayNode definitions = JSON.arrayNode();
        for (Value value : values) {
            definitions.addObject().put("Name", value.metric()).put("Unit", value.unit().name);
            line.put(value.metric(), value.value());
        }
        ObjectNode directive = JSON.objectNode().put("Namespace", namespace);
        directive.putArray("Dimensions").add(dimensions);
        directive.set("Metrics", definitions);
        line.putObject("_aws")
                .put("Timestamp", clock.millis())
                .putArray("CloudWatchMetrics")
                .add(directive);
        log.println(line);
    }
}
