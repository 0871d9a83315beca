package io.orderledger.benchmarks.load;

/** Finds the highest rate that is sustained. Stateless. */
final class HighestRate {
    private static final double GROWTH = 1.5;
    private static final double CLOSE_ENOUGH = 1.08;
    private static final double LESS = 0.92;

    private HighestRate() {}

    /** Tries a rate. */
    @FunctionalInterface
    interface Step {
        boolean sustains(double perSecond) throws InterruptedException;
    }

    /**
     * Goes up until a rate is not sustained, or down until one is, closes in, and demands of what it found that it is sustained for longer.
     *
     * @param from where to begin
     * @param ceiling what no generator should be asked for
     * @param brief tries a rate for a short time
     * @param longer tries it for long enough to be believed
     * @throws IllegalStateException if nothing is sustained
     */
    static double find(double from, double ceiling, Step brief, Step longer) throws InterruptedException {
        double sustained = from;
        double tooMuch = from;
        while (!brief.sustains(sustained)) {
            tooMuch = sustained;
            sustained = atLeastOne(sustained / GROWTH);
        }
        if (sustained == from) {
            tooMuch = from * GROWTH;
            while (tooMuch < ceiling && brief.sustains(tooMuch)) {
                sustained = tooMuch;
                tooMuch *= GROWTH;
            }
        }
        while (tooMuch / sustained > CLOSE_ENOUGH) {
            double between = Math.sqrt(sustained * tooMuch);
            if (brief.sustains(between)) {
                sustained = between;
            } else {
                tooMuch = between;
            }
        }
        while (!longer.sustains(sustained)) {
            sustained = atLeastOne(sustained * LESS);
        }
        return sustained;
    }

    private static double atLeastOne(double perSecond) {
        if (perSecond < 1) {
            throw new IllegalStateException("Not even one request a second was sustained");
        }
        return perSecond;
    }
}
