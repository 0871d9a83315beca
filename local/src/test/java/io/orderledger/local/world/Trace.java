package io.orderledger.local.world;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What happened in a world, a line each. Names things by IDs that come from the seed, so that the same seed gives the same lines. */
final class Trace {
    private static final int MAX_SHOWN = 30;

    private final InstantSource clock;
    private final List<String> lines = new ArrayList<>();

    Trace(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void add(String what, Object... details) {
        var line = new StringBuilder(clock.instant().toString()).append(' ').append(what);
        for (Object detail : details) {
            line.append(' ').append(detail);
        }
        lines.add(line.toString());
    }

    /** The last lines that name one of these things. */
    synchronized List<String> about(List<String> things) {
        List<String> all = lines.stream()
                .filter(line -> things.stream().anyMatch(line::contains))
                .toList();
        return all.subList(Math.max(0, all.size() - MAX_SHOWN), all.size());
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
