package io.orderledger.projections;

import io.orderledger.ledger.Deadline;
import io.orderledger.ledger.Ledger;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what is committed visible in the views: seals what is pending, then catches every projection up. Called after an append, by
 * whoever appended.
 *
 * <p>Thread-safe. It may be run by any number of callers at once: the work is done by one of them at a time, and nothing that was
 * committed before a call is left over unless the time was too short or the database failed.
 */
public final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final Ledger ledger;
    private final CatchUp catchUp;
    private final List<Projection> projections;

    public Upkeep(Ledger ledger, CatchUp catchUp, List<Projection> projections) {
        this.ledger = ledger;
        this.catchUp = catchUp;
        this.projections = List.copyOf(projections);
    }

    /**
     * Best effort: never fails, and logs what went wrong by its class alone. The append that it follows is committed already.
     *
     * @param atMost no step is begun after this long; a step is one transaction on a bounded number of events
     * @return false if something was left for a later run
     */
    public boolean run(Duration atMost) {
        return run(Deadline.after(atMost));
    }

    /**
     * As {@link #run(Duration)}, by whatever clock the deadline has.
     *
     * @return false if something was left for a later run
     */
    public boolean run(Deadline deadline) {
        boolean complete = sealed(deadline);
        for (Projection projection : projections) {
            complete &= caughtUp(projection, deadline);
        }
        return complete;
    }

    /**
     * Goes through the first statements of each step once, whatever becomes of them, so that a first run finds loaded what they need. Only
     * where the data source has no server behind it.
     */
    public void rehearse() {
        rehearse(ledger::seal);
        for (Projection projection : projections) {
            rehearse(() -> catchUp.step(projection));
        }
    }

    private static void rehearse(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.debug("A step went as far as it can go without rows", e);
        }
    }

    private boolean sealed(Deadline deadline) {
        try {
            return ledger.sealAll(deadline);
        } catch (RuntimeException e) {
            LOG.warn("Sealing is left for a later run: {}", e.getClass().getName());
            return false;
        }
    }

    private boolean caughtUp(Projection projection, Deadline deadline) {
        try {
            return catchUp.toNewestBlock(projection, deadline);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Projection {} is left for a later run: {}",
                    projection.id(),
                    e.getClass().getName());
            return false;
        }
    }
}
