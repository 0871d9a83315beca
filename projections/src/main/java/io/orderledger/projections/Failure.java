package io.orderledger.projections;

import static io.orderledger.db.tables.projection.Tables.CHECKPOINT;
import static io.orderledger.db.tables.projection.Tables.FAILURE;

import io.orderledger.ledger.Database;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * An order that a projection's query cannot read, and that is therefore in none of its rows.
 *
 * @param projection ID of the projection
 * @param sinceHeight the first block with which it cannot be read
 * @param position of the order's newest event in that block
 * @param reason code of the failure, without any value of an event
 */
public record Failure(String projection, UUID orderId, long sinceHeight, long position, String reason) {
    /**
     * Reads the failures of all live tables, in one statement.
     *
     * @param dataSource connects as {@code ledger_reader}, {@code ledger_projector}, {@code ledger_auditor} or with the rights of one of them
     * @param limit how many at most, the first by projection and order ID; {@link ProjectionLag#failedOrders} tells how many there are
     * @throws io.orderledger.ledger.LedgerUnavailable if the database cannot do it now; try again
     */
    public static List<Failure> readLive(DataSource dataSource, int limit) {
        return new Database(dataSource)
                .statement(sql -> sql.select(
                                FAILURE.PROJECTION,
                                FAILURE.ORDER_ID,
                                FAILURE.SINCE_HEIGHT,
                                FAILURE.POSITION,
                                FAILURE.REASON)
                        .from(FAILURE)
                        .join(CHECKPOINT)
                        .on(CHECKPOINT.PROJECTION.eq(FAILURE.PROJECTION))
                        .and(CHECKPOINT.SLOT.eq(FAILURE.SLOT))
                        .and(CHECKPOINT.LIVE)
                        .where(FAILURE.UNTIL_HEIGHT.isNull())
                        .orderBy(FAILURE.PROJECTION, FAILURE.ORDER_ID)
                        .limit(limit)
                        .fetch(row ->
                                new Failure(row.value1(), row.value2(), row.value3(), row.value4(), row.value5())));
    }
}
