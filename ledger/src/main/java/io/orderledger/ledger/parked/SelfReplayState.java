package io.orderledger.ledger.parked;

import static io.orderledger.db.tables.ledger.Tables.SELF_REPLAY;
import static org.jooq.impl.DSL.currentInstant;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.LedgerUnavailable;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * How the function that replays by itself goes on. The state lies in the database on purpose: without a database nothing can be replayed,
 * and then nothing is known and nothing is tried.
 *
 * <p>Thread-safe if the data source is, which connects as {@code ledger_replayer}. Each method throws {@link LedgerUnavailable} when the
 * database cannot do it now. Two runs at once may each write; replaying is idempotent, so the later word counts.
 */
public final class SelfReplayState {
    private final Database database;

    public SelfReplayState(DataSource dataSource) {
        this.database = new Database(dataSource);
    }

    /**
     * The state as it is.
     *
     * @param nextMessages how many messages the next run takes at most
     * @param stoppedAt since when it replays nothing; empty while it does
     * @param stoppedBy what failed then, by class and code; empty while it replays
     */
    public record State(int nextMessages, Optional<Instant> stoppedAt, String stoppedBy) {
        public boolean isStopped() {
            return stoppedAt.isPresent();
        }
    }

    public State read() {
        return database.statement(sql -> sql.selectFrom(SELF_REPLAY)
                .fetchSingle(found -> new State(
                        found.getNextMessages(),
                        Optional.ofNullable(found.getStoppedAt()),
                        Optional.ofNullable(found.getStoppedBy()).orElse(""))));
    }

    /** Goes on, with so many messages in the next run. */
    public void goOn(int nextMessages) {
        database.statement(sql -> sql.update(SELF_REPLAY)
                .set(SELF_REPLAY.NEXT_MESSAGES, nextMessages)
                .setNull(SELF_REPLAY.STOPPED_AT)
                .setNull(SELF_REPLAY.STOPPED_BY)
                .execute());
    }

    /**
     * Replays nothing until somebody lets it {@link #goOn}.
     *
     * @param nextMessages how many messages the first run after that takes
     * @param stoppedBy what failed, by class and code
     */
    public void stop(int nextMessages, String stoppedBy) {
        database.statement(sql -> sql.update(SELF_REPLAY)
                .set(SELF_REPLAY.NEXT_MESSAGES, nextMessages)
                .set(SELF_REPLAY.STOPPED_AT, currentInstant())
                .set(SELF_REPLAY.STOPPED_BY, stoppedBy)
                .execute());
    }
}
