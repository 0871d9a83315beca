package io.orderledger.ledger.publication;

import static io.orderledger.db.tables.ledger.Tables.PUBLICATION_LAG;

import io.orderledger.ledger.Database;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * How far announcing is behind the newest block.
 *
 * @param publication what is announced
 * @param height the newest block that is wholly announced
 * @param newestHeight the newest block
 * @param eventsBehind events in blocks that are not announced
 * @param behind how long the oldest block that is not wholly announced has been there
 */
public record PublicationLag(String publication, long height, long newestHeight, long eventsBehind, Duration behind) {
    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    /** How many blocks are not wholly announced. */
    public long blocksBehind() {
        return newestHeight - height;
    }

    /**
     * Reads the lag of every publication that has ever run, in one statement.
     *
     * @param dataSource connects as {@code ledger_publisher}, {@code ledger_reader}, {@code ledger_projector}, {@code ledger_auditor} or with
     *     the rights of one of them
     * @throws io.orderledger.ledger.LedgerUnavailable if the database cannot do it now; try again
     */
    public static List<PublicationLag> read(DataSource dataSource) {
        return new Database(dataSource)
                .statement(sql -> sql.selectFrom(PUBLICATION_LAG)
                        .orderBy(PUBLICATION_LAG.PUBLICATION)
                        .fetch(row -> new PublicationLag(
                                row.getPublication(),
                                row.getHeight(),
                                row.getNewestHeight(),
                                row.getEventsBehind(),
                                Duration.ofNanos((long) (row.getSecondsBehind() * NANOS_PER_SECOND)))));
    }
}
