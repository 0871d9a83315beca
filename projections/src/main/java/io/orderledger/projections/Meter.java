package io.orderledger.projections;

import java.time.Duration;
import java.util.Optional;

/** Turns pieces of work into progress. Used on one thread. */
final class Meter {
    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final RebuildProgress.Listener listener;
    private final RebuildPhase phase;
    private final double perUnit;
    private final long before;
    private final long start = System.nanoTime();
    private long done;
    private long total;

    /**
     * Counts what is done in units.
     *
     * @param perUnit what to tell for each unit
     */
    Meter(RebuildProgress.Listener listener, RebuildPhase phase, long done, long total, double perUnit) {
        this.listener = listener;
        this.phase = phase;
        this.perUnit = perUnit;
        this.before = done;
        this.done = done;
        this.total = total;
        tell();
    }

    void add(long units) {
        set(done + units, total);
    }

    void set(long newDone, long newTotal) {
        this.done = newDone;
        this.total = newTotal;
        tell();
    }

    private void tell() {
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        double rate = seconds > 0 ? (done - before) * perUnit / seconds : 0;
        double remaining = (total - done) * perUnit;
        Optional<Duration> left = rate > 0
                ? Optional.of(Duration.ofMillis(Math.round(Duration.ofSeconds(1).toMillis() * remaining / rate)))
                : Optional.empty();
        listener.at(new RebuildProgress(phase, Math.round(done * perUnit), Math.round(total * perUnit), rate, left));
    }
}
