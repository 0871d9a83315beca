package io.orderledger.local.cli;

import io.orderledger.ledger.verify.Progress;
import java.io.PrintWriter;
import java.time.Duration;

/** Tells how far verification is, how fast it is, and how long it will take. */
final class ProgressLine implements Progress, AutoCloseable {
    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final PrintWriter err;
    private final ProgressDisplay display;
    private final long start = System.nanoTime();
    private long done;

    ProgressLine(PrintWriter err) {
        this.err = err;
        this.display = new ProgressDisplay(err);
    }

    @Override
    public void at(long done, long total) {
        this.done = done;
        double rate = rate(System.nanoTime());
        display.show(() -> "%,d of %,d events and blocks, %,.0f/s, %,.0f s left"
                .formatted(done, total, rate, (total - done) / rate));
    }

    void end() {
        display.close();
        long now = System.nanoTime();
        err.printf("%,d events and blocks in %.1f s, %,.0f/s%n", done, (now - start) / NANOS_PER_SECOND, rate(now));
        err.flush();
    }

    @Override
    public void close() {
        display.close();
    }

    private double rate(long now) {
        return done * NANOS_PER_SECOND / Math.max(1, now - start);
    }
}
