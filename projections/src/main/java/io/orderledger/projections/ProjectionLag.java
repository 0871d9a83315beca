package io.orderledger.projections;

import static io.orderledger.db.tables.projection.Tables.LAG;

import io.orderledger.ledger.Database;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * How far a projection is behind the newest block.
 *
 * @param projection ID of the projection
 * @param isLive false while it waits for its first rebuild
 * @param height the newest block that its view takes into account
 * @param newestHeight the newest block
 * @param eventsBehind events in the blocks that it does not take into account
 * @param behind how long the oldest of these blocks has been there
 * @param failedOrders orders that it cannot read
 */
public record ProjectionLag(
        String projection,
        boolean isLive,
        long height,
        long newestHeight,
        long eventsBehind,
        Duration behind,
        long failedOrders) {
    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    /** How many blocks it does not take into account. */
    public long blocksBehind() {
        return newestHeight - height;
    }

    /**
     * Reads the lag of every projection that the database knows, in one statement.
     *
     * @param dataSource connects as {@code ledger_reader}, {@code ledger_projector}, {@code ledger_auditor} or with the rights of one of them
     * @throws io.orderledger.ledger.LedgerUnavailable if the database cannot do it now; try again
     */
    public static List<ProjectionLag> read(DataSource dataSource) {
        return new Database(dataSource)
                .statement(sql -> sql.selectFrom(LAG)
                        .orderBy(LAG.PROJECTION)
                        .fetch(row -> new ProjectionLag(
                                row.getProjection(),
                                row.getLive(),
                                row.getHeight(),
                                row.getNewestHeight(),
                                row.getEventsBehind(),
                                Duration.ofNanos((long) (row.getSecondsBehind() * NANOS_PER_SECOND)),
                                row.getFailedOrders())));
    }
}
