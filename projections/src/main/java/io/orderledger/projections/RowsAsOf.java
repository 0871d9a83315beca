package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static io.orderledger.db.tables.projection.Tables.CHECKPOINT;
import static io.orderledger.db.tables.projection.Tables.FAILURE;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.sum;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.LedgerFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Record;

/**
 * What a projection's rows were when a block was the newest: its query, as of that block. The answer for a sealed block never changes, as
 * long as the code is the same.
 *
 * <p>Thread-safe if the data source is; its role is {@code ledger_reader}, {@code ledger_projector} or has the rights of one of them. Methods
 * throw {@link io.orderledger.ledger.LedgerUnavailable} when the database cannot do it now, and can then be called again, and {@link
 * LedgerFault} when the code or the set-up is wrong.
 */
public final class RowsAsOf {
    /** How far behind a block the live table may be for a page as of that block. */
    public static final int MAX_EVENTS_BEHIND = Step.MAX_EVENTS;

    private final Database database;

    public RowsAsOf(DataSource dataSource) {
        this.database = new Database(dataSource);
    }

    /**
     * The rows of some orders. Orders that the query could not read then are left out, as they were.
     *
     * @param height a sealed block; at 0 there are no rows
     */
    public List<Record> ofOrders(OrderProjection projection, List<UUID> orders, long height) {
        if (orders.isEmpty()) {
            return List.of();
        }
        Scope scope =
                new RestrictedScope.WithoutFailedOfLive(new Scope.Orders(orders, height), projection.id(), height);
        try {
            return database.statement(sql -> List.copyOf(sql.fetch(projection.rows(scope))));
        } catch (LedgerFault fault) {
            if (!DataFailure.isOne(fault)) {
                throw fault;
            }
            if (orders.size() == 1) {
                return List.of();
            }
            // Recorded are the failures of now: an order that can be read again could perhaps not be read then.
            int middle = orders.size() / 2;
            List<Record> rows = new ArrayList<>(ofOrders(projection, orders.subList(0, middle), height));
            rows.addAll(ofOrders(projection, orders.subList(middle, orders.size()), height));
            return rows;
        }
    }

    /**
     * All rows, in no order. Reads the whole ledger, and holds the rows in memory: for tables that are small.
     *
     * @param height a sealed block; at 0 there are no rows
     */
    public List<Record> all(Projection projection, long height) {
        Scope scope = new RestrictedScope.WithoutFailedOfLive(new Scope.Everything(height), projection.id(), height);
        return database.statement(
                sql -> List.copyOf(sql.fetch(Content.of(projection).rows(scope))));
    }

    /**
     * Demands that a block is there.
     *
     * @throws UnknownHeight if it is not
     */
    public void demand(long height) {
        if (!database.statement(sql -> sql.fetchExists(BLOCK, BLOCK.HEIGHT.eq(height)))) {
            throw new UnknownHeight(height);
        }
    }

    /**
     * Orders that may have a row as of a block, while the live table may have none of them: those that the query cannot read now, but could
     * then, and those that the live table does not take into account yet.
     *
     * @throws UnknownHeight if the block is not there
     * @throws NotCaughtUp if the live table is more than {@value #MAX_EVENTS_BEHIND} events behind the block; try again
     */
    public Beyond beyondLiveTable(OrderProjection projection, long height) {
        return database.transaction(sql -> {
            Instant sealedAt = sql.select(BLOCK.SEALED_AT)
                    .from(BLOCK)
                    .where(BLOCK.HEIGHT.eq(height))
                    .fetchOptional(row -> row.value1())
                    .orElseThrow(() -> new UnknownHeight(height));
            long checkpoint = sql.select(CHECKPOINT.HEIGHT)
                    .from(CHECKPOINT)
                    .where(CHECKPOINT.PROJECTION.eq(projection.id()))
                    .and(CHECKPOINT.LIVE)
                    .fetchOptional(row -> row.value1())
                    .orElseThrow(() -> new NotCaughtUp(projection.id(), height, 0));
            Set<UUID> orders = new LinkedHashSet<>(sql.select(FAILURE.ORDER_ID)
                    .from(FAILURE)
                    .join(CHECKPOINT)
                    .on(CHECKPOINT.PROJECTION.eq(FAILURE.PROJECTION))
                    .and(CHECKPOINT.SLOT.eq(FAILURE.SLOT))
                    .and(CHECKPOINT.LIVE)
                    .where(FAILURE.PROJECTION.eq(projection.id()))
                    .and(FAILURE.UNTIL_HEIGHT.isNull())
                    .and(FAILURE.SINCE_HEIGHT.gt(height))
                    .fetch(row -> row.value1()));
            if (height > checkpoint) {
                if (eventsBetween(sql, checkpoint, height) > MAX_EVENTS_BEHIND) {
                    throw new NotCaughtUp(projection.id(), height, checkpoint);
                }
                orders.addAll(TouchedOrders.between(sql, checkpoint, height));
            }
            return new Beyond(sealedAt, List.copyOf(orders));
        });
    }

    /**
     * What to look at beside the live table.
     *
     * @param sealedAt when the block was sealed; no event of it, or of an earlier one, occurred later
     */
    public record Beyond(Instant sealedAt, List<UUID> orders) {}

    private static long eventsBetween(DSLContext sql, long above, long upTo) {
        return sql.select(coalesce(sum(BLOCK.EVENT_COUNT).cast(Long.class), 0L))
                .from(BLOCK)
                .where(BLOCK.HEIGHT.gt(above))
                .and(BLOCK.HEIGHT.le(upTo))
                .fetchSingle(row -> row.value1());
    }
}
