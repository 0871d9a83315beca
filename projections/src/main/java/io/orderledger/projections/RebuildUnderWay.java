package io.orderledger.projections;

import static io.orderledger.db.tables.projection.Tables.REBUILD;
import static org.jooq.impl.DSL.field;

import io.orderledger.ledger.Database;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.Field;

/**
 * A rebuild that has begun and not ended.
 *
 * @param projection ID of the projection
 * @param phase what it does, or did when it was interrupted
 * @param height the block as of which the table is filled
 * @param events how many events that are
 * @param startedAt when it was begun
 * @param holder application, host and process of its newest run
 * @param heldSince when that run began
 * @param isRunning false if it was interrupted, and goes on when it is called again
 */
public record RebuildUnderWay(
        String projection,
        RebuildPhase phase,
        long height,
        long events,
        Instant startedAt,
        String holder,
        Instant heldSince,
        boolean isRunning) {
    /**
     * Reads all of them, in one statement.
     *
     * @param dataSource connects as {@code ledger_reader}, {@code ledger_projector}, {@code ledger_auditor} or with the rights of one of them
     * @throws io.orderledger.ledger.LedgerUnavailable if the database cannot do it now; try again
     */
    public static List<RebuildUnderWay> read(DataSource dataSource) {
        Field<Boolean> running = field(RebuildLock.isHeld(REBUILD.PROJECTION));
        return new Database(dataSource)
                .statement(sql -> sql.select(
                                REBUILD.PROJECTION,
                                REBUILD.PHASE,
                                REBUILD.HEIGHT,
                                REBUILD.EVENTS,
                                REBUILD.STARTED_AT,
                                REBUILD.HOLDER_NAME,
                                REBUILD.HELD_SINCE,
                                running)
                        .from(REBUILD)
                        .orderBy(REBUILD.PROJECTION)
                        .fetch(row -> new RebuildUnderWay(
                                row.value1(),
                                RebuildPhase.valueOf(row.value2()),
                                row.value3(),
                                row.value4(),
                                row.value5(),
                                row.value6(),
                                row.value7(),
                                row.value8())));
    }
}
