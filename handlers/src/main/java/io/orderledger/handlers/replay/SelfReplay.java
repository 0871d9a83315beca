package io.orderledger.handlers.replay;

import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.parked.SelfReplayState;
import io.orderledger.ledger.parked.SelfReplayState.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What replaying by itself remembers from one run to the next. Thread-safe. */
final class SelfReplay {
    /** How many messages the first run after a pause, or after a failure, takes: one that is lost to another failure is enough. */
    static final int FIRST = 1;

    /** What one run takes at most: as many as it can append before its time is over, and some. */
    static final int MOST = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(SelfReplay.class);

    private final HeldConnection database;
    private final SelfReplayState state;

    SelfReplay(HeldConnection database) {
        this.database = database;
        this.state = new SelfReplayState(database);
    }

    /** @throws LedgerUnavailable if the database is away; nothing can be replayed then anyway */
    State read(RemainingTime time) {
        return database.call(time, state::read);
    }

    void goOn(int nextMessages, RemainingTime time) {
        database.call(time, () -> {
            state.goOn(nextMessages);
            return nextMessages;
        });
    }

    void stop(String stoppedBy, RemainingTime time) {
        database.call(time, () -> {
            state.stop(FIRST, stoppedBy);
            return stoppedBy;
        });
    }

    /**
     * Somebody has replayed by hand, and it went well: what stopped it is gone. Never fails: who replayed has done what he came for.
     */
    void resume(RemainingTime time) {
        try {
            if (read(time).isStopped()) {
                goOn(FIRST, time);
                LOG.info("Replaying by itself goes on");
            }
        } catch (RuntimeException e) {
            LOG.warn("Replaying by itself stays stopped", e);
        }
    }
}
