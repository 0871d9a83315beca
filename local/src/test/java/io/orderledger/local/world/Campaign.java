package io.orderledger.local.world;

import io.orderledger.local.world.World.Course;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Worlds one after the other, and what was seen in them. */
final class Campaign {
    private static final int MAX_VIOLATIONS = 10;

    private final Map<Fault, Seen> seen = new EnumMap<>(Fault.class);
    private final long firstSeed;
    private long seeds;
    private long requests;
    private long recorded;
    private final List<Violation> violations = new ArrayList<>();
    private Duration took = Duration.ZERO;
    private final long[] lives = new long[LIVES];
    private final Map<Tried, Long> tried = new EnumMap<>(Tried.class);

    /** Beyond so many, faults in one message's life are counted together. */
    private static final int LIVES = 5;

    /** What worlds do and compare beside requests. */
    enum Tried {
        REPORTS("reports of other services"),
        ANSWERS("answers to readers"),
        ANNOUNCEMENTS("announcements"),
        DECISIONS("decisions about refused messages"),
        ERASURES("customers erased");

        private final String title;

        Tried(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** What was seen of one kind of fault. */
    static final class Seen {
        private long times;
        private long worlds;
        private long inFlight;
        private int mostInFlight;
        private long lost;
        private long doubled;
        private final List<Duration> recoveries = new ArrayList<>();

        long times() {
            return times;
        }

        long worlds() {
            return worlds;
        }

        long inFlight() {
            return inFlight;
        }

        long lost() {
            return lost;
        }

        long doubled() {
            return doubled;
        }

        int mostInFlight() {
            return mostInFlight;
        }

        /** The time until what was in flight was on record, for half of the faults and for all. */
        Optional<Duration> recovery(double share) {
            List<Duration> sorted = recoveries.stream().sorted().toList();
            return sorted.isEmpty()
                    ? Optional.empty()
                    : Optional.of(sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size()))));
        }
    }

    Campaign(long firstSeed) {
        this.firstSeed = firstSeed;
        Arrays.stream(Fault.values()).forEach(fault -> seen.put(fault, new Seen()));
    }

    /**
     * Runs seeds until there were so many, or the time is over, or too many promises are broken.
     */
    Campaign run(long atMost, Duration time) {
        long begin = System.nanoTime();
        while (violations.size() < MAX_VIOLATIONS && seeds < atMost && System.nanoTime() - begin < time.toNanos()) {
            try (Quiet _ = Quiet.begin();
                    World world = new World(firstSeed + seeds, Mutation.NONE)) {
                add(world.run());
            }
            seeds++;
        }
        took = Duration.ofNanos(System.nanoTime() - begin);
        return this;
    }

    private void add(Course course) {
        course.violation().ifPresent(violations::add);
        requests +=
                course.requests().all().values().stream().mapToLong(List::size).sum();
        recorded += course.requests().all().keySet().stream()
                .filter(id -> course.requests().recordedAt(id).isPresent())
                .count();
        course.tried().forEach((what, times) -> tried.merge(what, times, Long::sum));
        course.requests()
                .all()
                .keySet()
                .forEach(id -> lives[Math.min(LIVES - 1, course.requests().faultsMet(id))]++);
        course.injected().stream().map(Faults.Injected::fault).distinct().forEach(fault -> of(fault).worlds++);
        for (Faults.Injected injected : course.injected()) {
            Seen kind = of(injected.fault());
            kind.times++;
            kind.inFlight += injected.inFlight().size();
            kind.lost +=
                    injected.inFlight().stream().filter(course.lost()::contains).count();
            kind.doubled += injected.inFlight().stream()
                    .filter(course.doubled()::contains)
                    .count();
            kind.mostInFlight = Math.max(kind.mostInFlight, injected.inFlight().size());
            injected.inFlight().stream()
                    .flatMap(id -> course.requests().recordedAt(id).stream())
                    .max(Instant::compareTo)
                    .map(last -> Duration.between(injected.at(), last))
                    .ifPresent(kind.recoveries::add);
        }
    }

    /** The faults that have not struck. */
    List<Fault> missing() {
        return Arrays.stream(Fault.values())
                .filter(fault -> of(fault).times == 0)
                .toList();
    }

    Seen of(Fault fault) {
        return Objects.requireNonNull(seen.get(fault));
    }

    long firstSeed() {
        return firstSeed;
    }

    long seeds() {
        return seeds;
    }

    long requests() {
        return requests;
    }

    long recorded() {
        return recorded;
    }

    /** How often something was tried. */
    long tried(Tried what) {
        return tried.getOrDefault(what, 0L);
    }

    /** How many event IDs met so many faults while a function was at work on a message under them; the last number counts all further ones. */
    long[] lives() {
        return lives.clone();
    }

    /** One for each seed that broke a promise. */
    List<Violation> violations() {
        return violations;
    }

    Duration took() {
        return took;
    }
}
