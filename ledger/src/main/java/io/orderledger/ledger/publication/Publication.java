package io.orderledger.ledger.publication;

import io.orderledger.db.tables.ledger.Routines;
import io.orderledger.db.tables.ledger.routines.ClaimPublication;
import io.orderledger.ledger.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * What one run announces: it claims the publication, reads what is due, sends it, and notes that it did, again and again.
 *
 * <p>Every event is sent at least once. Whoever sends only what is due after a place that {@link #advance} has answered true for, or that
 * {@link #claim} has given, sends in order, even while another run takes itself for the holder: an event that comes for the first time comes
 * after the events before it, and all that two runs do is to send some twice. No transaction is open while something is sent.
 *
 * <p>Thread-safe if the data source is; one object is one run. The database's role is {@code ledger_publisher}. Nothing that it sends pins a
 * session of RDS Proxy. Methods throw {@link io.orderledger.ledger.LedgerUnavailable} when the database cannot do it now, and can then be
 * called again, and {@link io.orderledger.ledger.LedgerFault} when the code or the set-up is wrong.
 */
public final class Publication {
    /** How many events are read at once: payloads are large at times, and all of them are in memory. */
    public static final int MAX_EVENTS_PER_READ = 100;

    private final Database database;
    private final String name;
    private final UUID run;
    private final Duration hold;

    /**
     * @param name a publication's name stays, or it begins anew
     * @param run identity of this run, drawn for it
     * @param hold for how long others wait for this run when nothing is heard from it; whole seconds
     */
    public Publication(DataSource dataSource, String name, UUID run, Duration hold) {
        this.database = new Database(dataSource);
        this.name = name;
        this.run = run;
        this.hold = hold;
    }

    /** Where a publication begins that has never run. */
    public enum Start {
        /** With the first event of the ledger. */
        BEGINNING,
        /** With what is sealed from now on. */
        HEAD
    }

    /** Where to go on; empty while another run holds the publication. Idempotent. */
    public Optional<Place> claim(Start start) {
        ClaimPublication claim = database.statement(
                sql -> Routines.claimPublication(sql.configuration(), name, run, seconds(), start == Start.BEGINNING));
        return Optional.ofNullable(claim.getHeight()).map(height -> new Place(height, claim.getAnnounced()));
    }

    /** The events that come next, in their order, at most {@link #MAX_EVENTS_PER_READ}; none when all of the newest block is announced. */
    public List<SealedEvent> due(Place place) {
        return database.statement(sql -> DueEvents.after(sql, place, MAX_EVENTS_PER_READ));
    }

    /**
     * Notes that everything up to a place is announced. Idempotent.
     *
     * @return false if another run holds the publication by now; this one has to end
     */
    public boolean advance(Place place) {
        return database.statement(sql -> Routines.advancePublication(
                sql.configuration(), name, run, seconds(), place.height(), place.announced()));
    }

    /** Lets another run claim it at once. Idempotent. */
    public void release() {
        database.statement(sql -> {
            Routines.releasePublication(sql.configuration(), name, run);
            return true;
        });
    }

    private int seconds() {
        return (int) hold.toSeconds();
    }
}
