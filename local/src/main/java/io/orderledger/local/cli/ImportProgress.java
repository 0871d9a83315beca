package io.orderledger.local.cli;

import java.io.PrintWriter;
import java.time.Duration;

/** Tells how many events of a file are recorded, how fast, and how long the rest of the file will take. */
final class ImportProgress implements AutoCloseable {
    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();
    private static final double PERCENT = 100;

    private final PrintWriter err;
    private final ProgressDisplay display;
    private final long fileSizeBytes;
    private final long start = System.nanoTime();

    ImportProgress(PrintWriter err, long fileSizeBytes) {
        this.err = err;
        this.display = new ProgressDisplay(err);
        this.fileSizeBytes = fileSizeBytes;
    }

    /** The file's size stands for the number of its lines, which nobody knows. */
    void at(long events, long bytesRead) {
        double seconds = seconds();
        double left = seconds * Math.max(0, fileSizeBytes - bytesRead) / Math.max(1, bytesRead);
        display.show(() -> "%,d events, %.0f %% of the file, %,.0f/s, %,.0f s left"
                .formatted(events, PERCENT * bytesRead / Math.max(1, fileSizeBytes), events / seconds, left));
    }

    /** Tells of something beside the progress. */
    void tell(String text) {
        display.print(text);
    }

    void end(long events) {
        display.close();
        double seconds = seconds();
        err.printf("%,d events in %.1f s, %,.0f/s%n", events, seconds, events / seconds);
        err.flush();
    }

    @Override
    public void close() {
        display.close();
    }

    private double seconds() {
        return Math.max(1, System.nanoTime() - start) / NANOS_PER_SECOND;
    }
}
