package io.orderledger.local.cli;

import io.orderledger.ledger.verify.Progress;
import java.io.PrintWriter;
import java.time.Duration;

/** Tells a person about once a second how far verification is, how fast it is, and how long it will take. */
final class ProgressLine implements Progress {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter err;
    private final long start = System.nanoTime();
    private long told = start;
    private long done;

    ProgressLine(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void at(long done, long total) {
        this.done = done;
        long now = System.nanoTime();
        if (now - told >= INTERVAL_NANOS) {
            told = now;
            double rate = rate(now);
            err.printf(
                    "%,d of %,d events and blocks, %,.0f/s, %,.0f s left%n", done, total, rate, (total - done) / rate);
            err.flush();
        }
    }

    void end() {
        long now = System.nanoTime();
        err.printf("%,d events and blocks in %.1f s, %,.0f/s%n", done, (now - start) / NANOS_PER_SECOND, rate(now));
        err.flush();
    }

    private double rate(long now) {
        return done * NANOS_PER_SECOND / Math.max(1, now - start);
    }
}
