package io.orderledger.projections;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import io.orderledger.db.tables.ledger.tables.Event;
import io.orderledger.ledger.Visibility;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;

/** What a projection's query may see, as of a block height, by {@link Visibility}. Immutable. */
public sealed interface Scope permits Scope.Everything, Scope.Orders, RestrictedScope {
    /** Whether an event may be seen; the condition to put into the query's WHERE for each use of the event table. */
    default Condition sees(Event event) {
        return sees(event.STREAM_ID, event.POSITION);
    }

    /** As {@link #sees(Event)}, for a view of the event table. */
    Condition sees(Field<UUID> orderId, Field<Long> position);

    /**
     * Every order.
     *
     * @param height number of the newest block that may be seen; 0 sees nothing
     */
    record Everything(Field<Long> height) implements Scope {
        public Everything(long height) {
            this(val(height));
        }

        @Override
        public Condition sees(Field<UUID> orderId, Field<Long> position) {
            return Visibility.isVisible(position, height);
        }
    }

    /** These orders only. */
    record Orders(Collection<UUID> orderIds, Field<Long> height) implements Scope {
        public Orders {
            orderIds = List.copyOf(orderIds);
        }

        public Orders(Collection<UUID> orderIds, long height) {
            this(orderIds, val(height));
        }

        /**
         * With the IDs as one array of known length the planner looks up each order, however long the ledger is. The position takes part in an
         * expression, since no index has that: for many orders the planner would else read all positions up to the height from the
         * primary key, to know them beforehand.
         */
        @Override
        public Condition sees(Field<UUID> orderId, Field<Long> position) {
            return orderId.eq(any(orderIds.toArray(UUID[]::new)))
                    .and(Visibility.isVisible(position.plus(inline(0L)), height));
        }
    }
}
