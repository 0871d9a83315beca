package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static io.orderledger.db.tables.projection.Tables.CHECKPOINT;
import static org.jooq.impl.DSL.deleteFrom;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.Deadline;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.CommonTableExpression;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.Result;

/**
 * Brings projections up to the newest block: what the query says of the orders that new blocks touch replaces their rows, and the
 * checkpoint moves, in one transaction. So each block counts exactly once, and repeating a step changes nothing.
 *
 * <p>One worker a projection at a time; others are told so at once and do not wait. Thread-safe if the data source is; its role is
 * {@code ledger_projector} or has its rights.
 *
 * <p>Methods throw {@link io.orderledger.ledger.LedgerUnavailable} when the database cannot do it now, and can then be called again,
 * and {@link io.orderledger.ledger.LedgerFault} when the code or the set-up is wrong.
 */
public final class CatchUp {
    /** How many events one step takes on, as long as one block does not hold more by itself. */
    static final int MAX_EVENTS_PER_STEP = 2_000;

    /** How many blocks one step takes on. */
    static final int MAX_BLOCKS_PER_STEP = 2_000;

    private final Database database;

    public CatchUp(DataSource dataSource) {
        this.database = new Database(dataSource);
    }

    /** Takes some new blocks into account, in one transaction. */
    public CatchUpResult step(OrderProjection<?> projection) {
        return database.transaction(sql -> {
            Optional<Long> checkpoint = lockCheckpoint(sql, projection.name());
            if (checkpoint.isEmpty()) {
                return new CatchUpResult.Busy();
            }
            Optional<Long> target = nextHeight(sql, checkpoint.get());
            if (target.isEmpty()) {
                return new CatchUpResult.NothingNew();
            }
            Set<UUID> touched = TouchedOrders.between(sql, checkpoint.get(), target.get());
            replaceRows(sql, projection, new Scope.Orders(touched, target.get()));
            moveCheckpoint(sql, projection.name(), target.get());
            return new CatchUpResult.CaughtUp(target.get());
        });
    }

    /**
     * Takes steps until there is no new block, another worker is at it, or the deadline passes.
     *
     * <p>No wake-up is lost: when this returns true, every block that was sealed before the call is taken into account, or another
     * worker's call is going to do it. For whoever sees the checkpoint locked has sealed before, and whoever held the lock looks for
     * new blocks once more after having released it.
     *
     * @return false if the deadline passed first; then somebody has to call again
     */
    public boolean toNewestBlock(OrderProjection<?> projection, Deadline deadline) {
        do {
            CatchUpResult result = step(projection);
            if (result instanceof CatchUpResult.Busy) {
                return true;
            }
            if (result instanceof CatchUpResult.NothingNew && !isBehind(projection.name())) {
                return true;
            }
        } while (!deadline.hasPassed());
        return false;
    }

    /** Empty when another worker holds the lock. */
    private static Optional<Long> lockCheckpoint(DSLContext sql, String projection) {
        Optional<Long> height = sql.select(CHECKPOINT.HEIGHT)
                .from(CHECKPOINT)
                .where(CHECKPOINT.PROJECTION.eq(projection))
                .forUpdate()
                .skipLocked()
                .fetchOptional(CHECKPOINT.HEIGHT);
        if (height.isEmpty() && !sql.fetchExists(CHECKPOINT, CHECKPOINT.PROJECTION.eq(projection))) {
            throw new IllegalStateException(
                    "Projection " + projection + " has no checkpoint: a migration has to make it");
        }
        return height;
    }

    /** The last of the blocks that are taken on next: as many as stay within the limit, but at least one. */
    private static Optional<Long> nextHeight(DSLContext sql, long checkpoint) {
        Field<BigDecimal> eventsSoFar =
                sum(BLOCK.EVENT_COUNT).over().orderBy(BLOCK.HEIGHT).as("events_so_far");
        Result<Record2<Long, BigDecimal>> blocks = sql.select(BLOCK.HEIGHT, eventsSoFar)
                .from(BLOCK)
                .where(BLOCK.HEIGHT.gt(checkpoint))
                .orderBy(BLOCK.HEIGHT)
                .limit(MAX_BLOCKS_PER_STEP)
                .fetch();
        Optional<Long> next = Optional.empty();
        for (Record2<Long, BigDecimal> block : blocks) {
            if (next.isPresent() && block.value2().intValueExact() > MAX_EVENTS_PER_STEP) {
                break;
            }
            next = Optional.of(block.value1());
        }
        return next;
    }

    /** One statement, so that what is written and what is removed come from the same answer of the query. */
    private static <R extends Record> void replaceRows(DSLContext sql, OrderProjection<R> projection, Scope scope) {
        CommonTableExpression<?> current = name("current_rows").asMaterialized(projection.rows(scope));
        Field<UUID> currentKey = field(name("current_rows", projection.key().getName()), UUID.class);
        CommonTableExpression<?> removed = name("removed")
                .as(deleteFrom(projection.table())
                        .where(scope.concerns(projection.key()))
                        .and(projection.key().notIn(select(currentKey).from(current)))
                        .returning(projection.key()));
        sql.with(current, removed)
                .insertInto(projection.table())
                .columns(projection.table().fields())
                .select(select(current.fields()).from(current))
                .onConflict(projection.key())
                .doUpdate()
                .setAllToExcluded()
                .execute();
    }

    private static void moveCheckpoint(DSLContext sql, String projection, long height) {
        sql.update(CHECKPOINT)
                .set(CHECKPOINT.HEIGHT, height)
                .where(CHECKPOINT.PROJECTION.eq(projection))
                .execute();
    }

    private boolean isBehind(String projection) {
        return database.statement(sql -> sql.fetchExists(select(BLOCK.HEIGHT)
                .from(BLOCK)
                .join(CHECKPOINT)
                .on(BLOCK.HEIGHT.gt(CHECKPOINT.HEIGHT))
                .where(CHECKPOINT.PROJECTION.eq(projection))));
    }
}
