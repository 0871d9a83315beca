package io.orderledger.ledger.parked;

import io.orderledger.db.tables.ledger.Routines;
import io.orderledger.ledger.Database;
import io.orderledger.ledger.LedgerUnavailable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.sql.DataSource;

/**
 * Counts how often replaying a message has failed, from one run to the next. Nothing of the message but its hash is kept.
 *
 * <p>Thread-safe if the data source is, which connects as {@code ledger_replayer}.
 */
public final class ReplayFailures {
    private final Database database;

    public ReplayFailures(DataSource dataSource) {
        this.database = new Database(dataSource);
    }

    /**
     * Counts one more failure of a message.
     *
     * @return how many there were, this one included; one too many, if the database counted it and its answer was lost
     * @throws LedgerUnavailable if the database cannot do it now; then it was no failure of the message's own
     */
    public int note(byte[] message) {
        byte[] digest = sha256(message);
        return database.statement(sql -> Routines.noteReplayFailure(sql.configuration(), digest));
    }

    private static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
