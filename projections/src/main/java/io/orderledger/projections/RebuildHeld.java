package io.orderledger.projections;

import java.time.Instant;
import java.util.Optional;

/** Somebody else is rebuilding this projection. Wait until that has ended, or end it: then the same call goes on from there. */
public final class RebuildHeld extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String projection;
    private final String holder;
    private final transient Optional<Instant> since;

    RebuildHeld(String projection, String holder, Optional<Instant> since) {
        super("Projection " + projection + " is being rebuilt by " + holder
                + since.map(time -> " since " + time).orElse(""));
        this.projection = projection;
        this.holder = holder;
        this.since = since;
    }

    /** ID of the projection. */
    public String projection() {
        return projection;
    }

    /** Application, host and process, as far as they are known. */
    public String holder() {
        return holder;
    }

    /** When it began or went on; empty while it is just about to. */
    public Optional<Instant> since() {
        return since;
    }
}
