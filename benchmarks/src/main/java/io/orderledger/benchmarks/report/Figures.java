package io.orderledger.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** How figures are summed up and written. Stateless. */
public final class Figures {
    private static final int SIGNIFICANT_DIGITS = 4;

    private Figures() {}

    /** The middle one; of an even number of figures, the mean of the middle two. */
    public static double median(List<Double> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("There is no median of nothing");
        }
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The figure that a share of them does not exceed. */
    public static double share(List<Double> rising, double share) {
        if (rising.isEmpty()) {
            throw new IllegalArgumentException("There is no share of nothing");
        }
        return rising.get((int) Math.ceil(share * rising.size()) - 1);
    }

    /** With as many digits as a measurement is worth. */
    public static double rounded(double figure) {
        return Double.isFinite(figure)
                ? new BigDecimal(figure)
                        .round(new MathContext(SIGNIFICANT_DIGITS))
                        .doubleValue()
                : figure;
    }

    /** For people to read: whole numbers with separators from 100 on, else up to three significant digits. */
    public static String text(double figure) {
        if (Math.abs(figure) >= 100) {
            return String.format(Locale.ROOT, "%,.0f", figure);
        }
        return new BigDecimal(figure)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }
}
