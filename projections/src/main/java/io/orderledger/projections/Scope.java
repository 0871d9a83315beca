package io.orderledger.projections;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.noCondition;

import io.orderledger.db.tables.ledger.tables.Event;
import io.orderledger.ledger.Visibility;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;

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
        public Orders {
            orderIds = List.copyOf(orderIds);
        }

        /** With the IDs as one array of known length the planner looks up each order, however long the ledger is. */
        @Override
        public Condition concerns(Field<UUID> orderId) {
            return orderId.eq(any(orderIds.toArray(UUID[]::new)));
        }
    }
}
