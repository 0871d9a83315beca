package io.orderledger.local.cli;

import java.io.PrintWriter;
import java.time.Duration;

/** Tells about once a second how many events of a file are recorded, how fast, and how long the rest of the file will take. */
final class ImportProgress {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PERCENT = 100;

    private final PrintWriter err;
    private final long fileSizeBytes;
    private final long start = System.nanoTime();
    private long told = start;

    ImportProgress(PrintWriter err, long fileSizeBytes) {
        this.err = err;
        this.fileSizeBytes = fileSizeBytes;
    }

    /** The file's size stands for the number of its lines, which nobody knows. */
    void at(long events, long bytesRead) {
        long now = System.nanoTime();
        if (now - told >= INTERVAL_NANOS) {
            told = now;
            double seconds = seconds(now);
            double left = seconds * Math.max(0, fileSizeBytes - bytesRead) / Math.max(1, bytesRead);
            err.printf(
                    "%,d events, %.0f %% of the file, %,.0f/s, %,.0f s left%n",
                    events, PERCENT * bytesRead / Math.max(1, fileSizeBytes), events / seconds, left);
            err.flush();
        }
    }

    void end(long events) {
        double seconds = seconds(System.nanoTime());
        err.printf("%,d events in %.1f s, %,.0f/s%n", events, seconds, events / seconds);
        err.flush();
    }

    private double seconds(long now) {
        return Math.max(1, now - start) / NANOS_PER_SECOND;
    }
}
