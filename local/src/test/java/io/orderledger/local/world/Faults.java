package io.orderledger.local.world;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Lets things go wrong by chance, and keeps what was in flight when they did. Used by whoever has the baton, or works for him. */
final class Faults {
    /** One fault that was injected. */
    record Injected(Fault fault, Instant at, Set<UUID> inFlight) {}

    private final Chance chance;
    private final Timeline time;
    private final Supplier<Set<UUID>> inFlight;
    private final Map<Fault, Double> probabilities = new EnumMap<>(Fault.class);
    private final List<Injected> injected = new ArrayList<>();
    private final Trace trace;
    private final Runnable struckActor;
    private volatile boolean on = true;

    /**
     * @param inFlight the requests that were answered 200 and are not on record yet
     * @param struckActor told whenever a fault strikes whoever has the baton
     */
    Faults(Chance chance, Timeline time, Trace trace, Supplier<Set<UUID>> inFlight, Runnable struckActor) {
        this.struckActor = struckActor;
        this.chance = chance;
        this.time = time;
        this.trace = trace;
        this.inFlight = inFlight;
        // Some worlds are calm but for a few kinds of faults, and some are all fire: rare combinations need both.
        double density = chance.pick(List.of(0.3, 1.0, 3.0));
        for (Fault fault : Fault.values()) {
            double weight = chance.pick(List.of(0.0, 0.5, 1.0, 3.0));
            probabilities.put(fault, Math.min(0.6, fault.probability() * weight * density));
        }
    }

    /** Whether a fault is to strike here and now; it is noted if so. */
    boolean strikes(Fault fault) {
        if (!mayStrike(fault)) {
            return false;
        }
        note(fault);
        return true;
    }

    /** Whether a fault is to strike, to be noted when it does. */
    boolean mayStrike(Fault fault) {
        return on && chance.happens(probabilities.getOrDefault(fault, 0.0));
    }

    /** How likely a fault of this kind is where it may strike. */
    double probability(Fault fault) {
        return probabilities.getOrDefault(fault, 0.0);
    }

    synchronized void note(Fault fault) {
        injected.add(new Injected(fault, time.instant(), inFlight.get()));
        trace.add("fault", fault.name());
        struckActor.run();
    }

    /** Notes what somebody does by himself, not by chance. */
    void noteIfOn(Fault fault) {
        if (on) {
            note(fault);
        }
    }

    boolean areOn() {
        return on;
    }

    /** From now on everything works. */
    void end() {
        on = false;
    }

    synchronized List<Injected> injected() {
        return List.copyOf(injected);
    }

    /** How long something that stands still does so. */
    Duration standstill() {
        return chance.duration(Duration.ofMillis(1), Duration.ofSeconds(20));
    }
}
