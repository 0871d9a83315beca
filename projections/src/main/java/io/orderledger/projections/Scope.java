package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.ledger.Tables.LATE;
import static io.orderledger.db.tables.ledger.Tables.PENDING;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import io.orderledger.db.tables.ledger.tables.Event;
import java.util.Collection;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;

/**
 * What a projection's query may see: all events, or those of some orders, as of a block height.
 *
 * <p>The visibility rule is the same everywhere: an event is visible at height H when its position is at most the highest position of
 * the blocks up to H, it was not sealed late in a block above H, and it is not waiting to be sealed. What is visible at a height that
 * is sealed never changes, so statements with the same height see the same events whenever they run.
 */
public sealed interface Scope {
    /** Number of the newest block that may be seen; 0 sees nothing. */
    long height();

    /** Whether an order belongs to the scope, given the expression for its ID. */
    Condition concerns(Field<UUID> orderId);

    /** Whether an event may be seen; the condition to put into the query's WHERE for each use of the event table. */
    default Condition sees(Event event) {
        return concerns(event.STREAM_ID).and(isVisible(event, height()));
    }

    /** Every order. */
    record Everything(long height) implements Scope {
        @Override
        public Condition concerns(Field<UUID> orderId) {
            return noCondition();
        }
    }

    /** These orders only. */
    record Orders(Collection<UUID> orderIds, long height) implements Scope {
        @Override
        public Condition concerns(Field<UUID> orderId) {
            return orderId.eq(any(orderIds.toArray(UUID[]::new)));
        }
    }

    /**
     * The orders with an event in a block above one height and up to another, with all their events up to the latter.
     *
     * @param above blocks up to here do not count
     */
    record TouchedSince(long above, long height) implements Scope {
        private static final Event TOUCHING = EVENT.as("touching");

        @Override
        public Condition concerns(Field<UUID> orderId) {
            return orderId.in(sealedInSequence().union(sealedLate()));
        }

        private Select<Record1<UUID>> sealedInSequence() {
            return select(TOUCHING.STREAM_ID)
                    .from(TOUCHING)
                    .where(TOUCHING.POSITION.gt(coalesce(high(above), val(0L))))
                    .and(isVisible(TOUCHING, height));
        }

        private Select<Record1<UUID>> sealedLate() {
            return select(TOUCHING.STREAM_ID)
                    .from(LATE)
                    .join(TOUCHING)
                    .on(TOUCHING.POSITION.eq(LATE.POSITION))
                    .where(LATE.HEIGHT.gt(above))
                    .and(LATE.HEIGHT.le(height));
        }
    }

    private static Condition isVisible(Event event, long height) {
        return event.POSITION
                .le(high(height))
                .and(notExists(selectOne().from(LATE).where(LATE.POSITION.eq(event.POSITION), LATE.HEIGHT.gt(height))))
                .and(notExists(selectOne().from(PENDING).where(PENDING.POSITION.eq(event.POSITION))));
    }

    /** The highest position of the blocks up to a height; null for height 0, which compares to nothing. */
    private static Field<Long> high(long height) {
        return field(select(BLOCK.HIGH).from(BLOCK).where(BLOCK.HEIGHT.eq(height)));
    }
}
