package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.ledger.Tables.LATE;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import io.orderledger.db.tables.ledger.tables.Event;
import io.orderledger.ledger.Visibility;
import java.util.Collection;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;

/** What a projection's query may see: all events, or those of some orders, as of a block height, by {@link Visibility}. */
public sealed interface Scope {
    /** Number of the newest block that may be seen; 0 sees nothing. */
    long height();

    /** Whether an order belongs to the scope, given the expression for its ID. */
    Condition concerns(Field<UUID> orderId);

    /** Whether an event may be seen; the condition to put into the query's WHERE for each use of the event table. */
    default Condition sees(Event event) {
        return concerns(event.STREAM_ID).and(Visibility.isVisible(event, height()));
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
                    .where(TOUCHING.POSITION.gt(coalesce(Visibility.high(above), val(0L))))
                    .and(Visibility.isVisible(TOUCHING, height));
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
}
