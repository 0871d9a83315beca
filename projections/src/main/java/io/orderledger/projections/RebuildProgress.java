package io.orderledger.projections;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a rebuild is.
 *
 * @param phase what it does now
 * @param done events so far in this phase, by any run of this rebuild; indexes in {@link RebuildPhase#INDEXES}
 * @param total of how many
 * @param perSecond rate in this run of this phase
 * @param left how long the phase will take at that rate; empty before anything is done
 */
public record RebuildProgress(RebuildPhase phase, long done, long total, double perSecond, Optional<Duration> left) {
    /** Is told about progress, on the thread that a rebuild was called on, after each piece of work. Should return soon. */
    @FunctionalInterface
    public interface Listener {
        void at(RebuildProgress progress);
    }
}
