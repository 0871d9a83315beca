package io.orderledger.benchmarks.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.benchmarks.report.Figures;
import java.util.Arrays;

/**
 * How long things took, in milliseconds; {@code NaN} where there was none.
 *
 * @param count how many there were
 */
record Percentiles(int count, double p50, double p99, double p999, double worst) {
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;
    private static final double P999 = 0.999;

    static Percentiles of(double[] millis) {
        double[] rising = millis.clone();
        Arrays.sort(rising);
        return new Percentiles(
                rising.length, share(rising, MEDIAN), share(rising, P99), share(rising, P999), share(rising, 1));
    }

    private static double share(double[] rising, double share) {
        return rising.length == 0 ? Double.NaN : rising[(int) Math.ceil(share * rising.length) - 1];
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("count", count);
        if (count > 0) {
            json.put("p50Millis", Figures.rounded(p50))
                    .put("p99Millis", Figures.rounded(p99))
                    .put("p999Millis", Figures.rounded(p999))
                    .put("worstMillis", Figures.rounded(worst));
        }
        return json;
    }

    String text(double figure) {
        return count == 0 ? "-" : Figures.text(figure);
    }
}
