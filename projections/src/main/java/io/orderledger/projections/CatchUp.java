package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static io.orderledger.db.tables.projection.Tables.CHECKPOINT;
import static org.jooq.impl.DSL.select;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.Deadline;
import io.orderledger.ledger.LedgerFault;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jooq.DSLContext;

/**
 * Brings projections up to the newest block: what the query says of the orders that new blocks touch replaces what the table holds of
 * them, and the checkpoint moves, in one transaction. So each block counts exactly once, and repeating a step changes nothing.
 *
 * <p>An order that the query cannot read never stops this. It is taken out of the table, recorded in {@code projection.failure}, and tried
 * again when it is touched again, when {@link #retryFailed} is called, and by a rebuild.
 *
 * <p>One worker a projection at a time; others are told so at once and do not wait. Thread-safe if the data source is; its role is
 * {@code ledger_projector} or has its rights. Nothing that it sends pins a session of RDS Proxy.
 *
 * <p>Methods throw {@link io.orderledger.ledger.LedgerUnavailable} when the database cannot do it now, and can then be called again,
 * and {@link io.orderledger.ledger.LedgerFault} when the code or the set-up is wrong.
 */
public final class CatchUp {
    /** How many failed orders are tried again in one transaction. */
    static final int MAX_RETRIES_PER_TRANSACTION = 500;

    private final Database database;

    public CatchUp(DataSource dataSource) {
        this(new Database(dataSource));
    }

    CatchUp(Database database) {
        this.database = database;
    }

    /** Takes some new blocks into account, in one transaction. */
    public CatchUpResult step(Projection projection) {
        return isolatingWhereNeeded(isolating -> database.transaction(sql -> lockedLive(sql, projection)
                .map(checkpoint -> new Step(Content.of(projection), checkpoint, isolating).take(sql))
                .orElseGet(() -> whyNotLocked(sql, projection))));
    }

    /** As {@link #step(Projection)}, for a table that is being rebuilt. */
    CatchUpResult step(Projection projection, Slot slot) {
        return isolatingWhereNeeded(isolating -> database.transaction(sql -> Checkpoint.lock(sql, slot)
                .map(checkpoint -> new Step(Content.of(projection), checkpoint, isolating).take(sql))
                .orElseGet(CatchUpResult.Busy::new)));
    }

    /** Savepoints cost time, so they are only used where the straight way has failed. */
    static <T> T isolatingWhereNeeded(Function<Boolean, T> transaction) {
        try {
            return transaction.apply(false);
        } catch (LedgerFault fault) {
            if (!DataFailure.isOne(fault)) {
                throw fault;
            }
            return transaction.apply(true);
        }
    }

    /**
     * Takes steps until there is no new block, another worker is at it, the projection waits for its first rebuild, or the deadline
     * passes.
     *
     * <p>No wake-up is lost: when this returns true, every block that was sealed before the call is taken into account, or another
     * worker's call is going to do it. For whoever sees the checkpoint locked has sealed before, and whoever held the lock looks for
     * new blocks once more after having released it.
     *
     * @return false if the deadline passed first; then somebody has to call again
     */
    public boolean toNewestBlock(Projection projection, Deadline deadline) {
        do {
            switch (step(projection)) {
                case CatchUpResult.Busy(), CatchUpResult.NotBuilt() -> {
                    return true;
                }
                case CatchUpResult.NothingNew() -> {
                    if (!isBehind(projection)) {
                        return true;
                    }
                }
                case CatchUpResult.CaughtUp(long height) -> {}
            }
        } while (!deadline.hasPassed());
        return false;
    }

    /**
     * Tries the orders again that could not be read, after the code or what it depends on was corrected. Waits for a worker that is at a
     * step.
     *
     * @return how many orders can be read now, and are in the table again
     */
    public int retryFailed(Projection projection) {
        int healed = 0;
        Optional<UUID> last = Optional.empty();
        do {
            Optional<UUID> from = last;
            Retried retried = database.transaction(sql -> Checkpoint.awaitLive(sql, projection.id())
                    .map(checkpoint -> retry(sql, projection, checkpoint, from))
                    .orElse(Retried.NONE));
            healed += retried.healed();
            last = retried.last();
        } while (last.isPresent());
        return healed;
    }

    private static Retried retry(DSLContext sql, Projection projection, Checkpoint checkpoint, Optional<UUID> from) {
        List<UUID> orders = new Failures(checkpoint.slot()).after(sql, from, MAX_RETRIES_PER_TRANSACTION);
        if (orders.isEmpty()) {
            return Retried.NONE;
        }
        int readable = new Step(Content.of(projection), checkpoint, true).again(sql, orders);
        return new Retried(readable, Optional.of(orders.getLast()));
    }

    private record Retried(int healed, Optional<UUID> last) {
        static final Retried NONE = new Retried(0, Optional.empty());
    }

    private static Optional<Checkpoint> lockedLive(DSLContext sql, Projection projection) {
        return Checkpoint.lockLive(sql, projection.id());
    }

    private static CatchUpResult whyNotLocked(DSLContext sql, Projection projection) {
        List<Boolean> live = sql.select(CHECKPOINT.LIVE)
                .from(CHECKPOINT)
                .where(CHECKPOINT.PROJECTION.eq(projection.id()))
                .fetch(CHECKPOINT.LIVE);
        if (live.isEmpty()) {
            throw new IllegalStateException(
                    "Projection " + projection.id() + " has no checkpoint: a migration has to register it");
        }
        return live.contains(true) ? new CatchUpResult.Busy() : new CatchUpResult.NotBuilt();
    }

    private boolean isBehind(Projection projection) {
        return database.statement(sql -> sql.fetchExists(select(BLOCK.HEIGHT)
                .from(BLOCK)
                .join(CHECKPOINT)
                .on(BLOCK.HEIGHT.gt(CHECKPOINT.HEIGHT))
                .where(CHECKPOINT.PROJECTION.eq(projection.id()))
                .and(CHECKPOINT.LIVE)));
    }
}
