package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static org.jooq.impl.DSL.sum;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.Result;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/** One transaction's work on a table whose checkpoint is locked. Used once. */
final class Step {
    /** How many events one step takes on, as long as one block does not hold more by itself. */
    static final int MAX_EVENTS = 2_000;

    /** How many blocks one step takes on. */
    static final int MAX_BLOCKS = 2_000;

    private static final String NOT_TAKEN_OUT =
            "; what it had contributed cannot be told any more: rebuild the projection";

    private final Content content;
    private final Checkpoint checkpoint;
    private final boolean isolating;
    private final Failures failures;
    private final List<Record> groupsToFindAnew = new ArrayList<>();

    Step(Content content, Checkpoint checkpoint, boolean isolating) {
        this.content = content;
        this.checkpoint = checkpoint;
        this.isolating = isolating;
        this.failures = new Failures(checkpoint.slot());
    }

    /** Takes some blocks on. */
    CatchUpResult take(DSLContext sql) {
        Optional<Long> target = nextHeight(sql, checkpoint.height());
        if (target.isEmpty()) {
            return new CatchUpResult.NothingNew();
        }
        List<UUID> touched = List.copyOf(TouchedOrders.between(sql, checkpoint.height(), target.get()));
        List<UUID> readable = move(sql, touched, target.get());
        checkpoint.moveTo(sql, target.get(), readable);
        content.findAnew(sql, checkpoint.slot(), groupsToFindAnew, target.get());
        return new CatchUpResult.CaughtUp(target.get());
    }

    /** Tries orders again that are recorded as failures, and returns how many can be read now. */
    int again(DSLContext sql, List<UUID> failed) {
        List<UUID> readable = move(sql, failed, checkpoint.height());
        failures.forget(sql, readable);
        content.findAnew(sql, checkpoint.slot(), groupsToFindAnew, checkpoint.height());
        return readable.size();
    }

    private List<UUID> move(DSLContext sql, List<UUID> orders, long target) {
        if (isolating) {
            return moveInIsolation(sql, orders, target);
        }
        groupsToFindAnew.addAll(content.move(sql, checkpoint.slot(), orders, checkpoint.height(), target));
        return orders;
    }

    private List<UUID> moveInIsolation(DSLContext sql, List<UUID> orders, long target) {
        return Isolation.run(
                sql,
                orders,
                (savepoint, some) -> {
                    List<Record> found = content.move(savepoint, checkpoint.slot(), some, checkpoint.height(), target);
                    groupsToFindAnew.addAll(found);
                },
                (outside, order, reason) -> leaveOut(outside, order, target, reason));
    }

    private void leaveOut(DSLContext sql, UUID order, long target, String reason) {
        long since = failures.unreadableSince(
                sql,
                order,
                checkpoint.height(),
                target,
                (savepoint, height) ->
                        content.move(savepoint, checkpoint.slot(), List.of(order), checkpoint.height(), height));
        failures.record(sql, order, since, takenOut(sql, order) ? reason : reason + NOT_TAKEN_OUT);
    }

    /** False when the query cannot read any more what it has read before: code was changed that should have been a new version. */
    private boolean takenOut(DSLContext sql, UUID order) {
        try {
            groupsToFindAnew.addAll(sql.transactionResult(savepoint ->
                    content.takeOut(DSL.using(savepoint), checkpoint.slot(), List.of(order), checkpoint.height())));
            return true;
        } catch (DataAccessException e) {
            if (!DataFailure.isOne(e)) {
                throw e;
            }
            return false;
        }
    }

    /** The last of the blocks that are taken on next: as many as stay within the limit, but at least one. */
    private static Optional<Long> nextHeight(DSLContext sql, long height) {
        Field<BigDecimal> eventsSoFar =
                sum(BLOCK.EVENT_COUNT).over().orderBy(BLOCK.HEIGHT).as("events_so_far");
        Result<Record2<Long, BigDecimal>> blocks = sql.select(BLOCK.HEIGHT, eventsSoFar)
                .from(BLOCK)
                .where(BLOCK.HEIGHT.gt(height))
                .orderBy(BLOCK.HEIGHT)
                .limit(MAX_BLOCKS)
                .fetch();
        Optional<Long> next = Optional.empty();
        for (Record2<Long, BigDecimal> block : blocks) {
            if (next.isPresent() && block.value2().intValueExact() > MAX_EVENTS) {
                break;
            }
            next = Optional.of(block.value1());
        }
        return next;
    }
}
