package io.orderledger.handlers.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.handlers.metrics.Metrics.Unit;
import io.orderledger.handlers.metrics.Metrics.Value;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines against the examples of CloudWatch's specification of its embedded metric format. */
class MetricsTest {
    private final WrittenMetrics written = new WrittenMetrics();

    @Test
    void writes_one_line_with_the_values_at_the_root_and_their_definitions_beside_them() {
        written.metrics()
                .write(new Value("PendingEvents", Unit.COUNT, 3), new Value("SealLagSeconds", Unit.SECONDS, 1.5));

        assertThat(written.lines()).isEqualTo(List.of(WrittenMetrics.json("""
                {"PendingEvents": 3.0, "SealLagSeconds": 1.5,
                 "_aws": {"Timestamp": 1764000000123, "CloudWatchMetrics": [{
                    "Namespace": "OrderLedger/test", "Dimensions": [[]],
                    "Metrics": [{"Name": "PendingEvents", "Unit": "Count"}, {"Name": "SealLagSeconds", "Unit": "Seconds"}]}]}}""")));
    }

    @Test
    void a_dimension_is_named_in_the_directive_and_has_its_value_at_the_root() {
        written.metrics().writeFor("Projection", "orders_v2", new Value("ProjectionLagEvents", Unit.COUNT, 7));

        JsonNode line = written.lines().getFirst();
        assertThat(line.path("Projection").textValue()).isEqualTo("orders_v2");
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions").toString()).isEqualTo("[[\"Projection\"]]");
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "false, 1", "'', 1"})
    void writes_nothing_where_nobody_takes_figures_out_of_the_log(String disabled, int lines) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Metrics metrics = Metrics.from(
                Map.of("METRICS_NAMESPACE", "OrderLedger/test", "METRICS_DISABLED", disabled),
                new PrintStream(log, true, UTF_8));

        metrics.write(new Value("PendingEvents", Unit.COUNT, 3));

        assertThat(log.toString(UTF_8)).hasLineCount(lines);
    }

    @Test
    void demands_a_namespace() {
        assertThatThrownBy(() -> Metrics.from(Map.of("METRICS_NAMESPACE", "")))
                .hasMessageContaining("METRICS_NAMESPACE");
    }
}
