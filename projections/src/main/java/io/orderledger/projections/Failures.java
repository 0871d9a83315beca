package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.ledger.Tables.LATE;
import static io.orderledger.db.tables.projection.Tables.FAILURE;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.select;

import io.orderledger.ledger.Visibility;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/** The recorded failures of one of a projection's tables. */
record Failures(Slot slot) {
    List<UUID> after(DSLContext sql, Optional<UUID> last, int limit) {
        return sql.select(FAILURE.ORDER_ID)
                .from(FAILURE)
                .where(isOpen())
                .and(last.map(FAILURE.ORDER_ID::gt).orElse(DSL.noCondition()))
                .orderBy(FAILURE.ORDER_ID)
                .limit(limit)
                .fetch(FAILURE.ORDER_ID);
    }

    List<Failure> first(DSLContext sql, int limit) {
        return sql.selectFrom(FAILURE)
                .where(isOpen())
                .orderBy(FAILURE.ORDER_ID)
                .limit(limit)
                .fetch(row -> new Failure(
                        row.getProjection(),
                        row.getOrderId(),
                        row.getSinceHeight(),
                        row.getPosition(),
                        row.getReason()));
    }

    int count(DSLContext sql) {
        return sql.fetchCount(FAILURE, isOpen());
    }

    private Condition isOpen() {
        return slot.isThat(FAILURE.PROJECTION, FAILURE.SLOT).and(FAILURE.UNTIL_HEIGHT.isNull());
    }

    /** Of orders that the code as it is now can read. */
    void forget(DSLContext sql, Collection<UUID> orders) {
        sql.deleteFrom(FAILURE)
                .where(slot.isThat(FAILURE.PROJECTION, FAILURE.SLOT))
                .and(FAILURE.ORDER_ID.eq(any(orders.toArray(UUID[]::new))))
                .execute();
    }

    /** Records a failure, unless the order is recorded already: then it goes on since the block that is recorded. */
    void record(DSLContext sql, UUID order, long sinceHeight, String reason) {
        sql.insertInto(FAILURE)
                .set(FAILURE.PROJECTION, slot.projection())
                .set(FAILURE.SLOT, slot.letter())
                .set(FAILURE.ORDER_ID, order)
                .set(FAILURE.SINCE_HEIGHT, sinceHeight)
                .set(FAILURE.POSITION, coalesce(newestPosition(order, sinceHeight), 0L))
                .set(FAILURE.REASON, reason)
                .onConflictDoNothing()
                .execute();
    }

    private static Field<Long> newestPosition(UUID order, long height) {
        return field(select(max(EVENT.POSITION))
                .from(EVENT)
                .where(EVENT.STREAM_ID.eq(order))
                .and(Visibility.isVisible(EVENT, height)));
    }

    /**
     * The block, above one height and up to another, since which an attempt to read an order fails. The attempt is made and undone for blocks
     * that have an event of the order, from the newest down to one with which it succeeds.
     */
    long unreadableSince(DSLContext sql, UUID order, long above, long upTo, Attempt attempt) {
        long since = upTo;
        for (long height : heights(sql, order, above, upTo)) {
            if (succeeds(sql, height, attempt)) {
                return since;
            }
            since = height;
        }
        return since;
    }

    private static boolean succeeds(DSLContext sql, long height, Attempt attempt) {
        try {
            sql.transaction(savepoint -> {
                attempt.asOf(DSL.using(savepoint), height);
                throw new Undone();
            });
            throw new AssertionError("The attempt was not undone");
        } catch (Undone e) {
            return true;
        } catch (DataAccessException e) {
            if (!DataFailure.isOne(e)) {
                throw e;
            }
            return false;
        }
    }

    /** Something that fails when an order cannot be read as of a height. */
    interface Attempt {
        void asOf(DSLContext sql, long height);
    }

    private static final class Undone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Undone() {
            super(null, null, false, false);
        }
    }

    private static List<Long> heights(DSLContext sql, UUID order, long above, long upTo) {
        Field<Long> height = coalesce(
                        field(select(LATE.HEIGHT).from(LATE).where(LATE.POSITION.eq(EVENT.POSITION))),
                        field(select(min(BLOCK.HEIGHT)).from(BLOCK).where(BLOCK.HIGH.ge(EVENT.POSITION))))
                .as("height");
        return sql
                .selectDistinct(height)
                .from(EVENT)
                .where(EVENT.STREAM_ID.eq(order))
                .and(Visibility.isVisible(EVENT, upTo))
                .orderBy(height.desc())
                .fetch(height)
                .stream()
                .filter(found -> found > above)
                .toList();
    }
}
