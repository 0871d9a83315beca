package io.orderledger.projections.orders;

import static io.orderledger.db.tables.projection.Tables.ORDERS_V2;
import static io.orderledger.projections.Projection.column;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.when;

import io.orderledger.ledger.EventTypes;
import java.time.Instant;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * How far an order came, told by when the first event of each type occurred; null where there is none. What occurred first decides, and
 * not what arrived first.
 *
 * <p>A cancellation counts unless the order had been dispatched before it occurred. Of several the earliest is looked at: if that one came
 * too late, all did. A delivery says too that the order had been dispatched, in case that event is still on its way. At the very same time
 * the cancellation counts. What does not count leaves the status as it is: the furthest that any event says.
 */
record Progress(
        Field<Instant> preparedAt,
        Field<Instant> dispatchedAt,
        Field<Instant> deliveredAt,
        Field<Instant> askedToCancelAt) {

    /** Aggregates over the events of one order. */
    static final Progress OF_EVENTS = new Progress(
            FoldedEvents.earliest(EventTypes.ORDER_PREPARED),
            FoldedEvents.earliest(EventTypes.ORDER_DISPATCHED),
            FoldedEvents.earliest(EventTypes.ORDER_DELIVERED),
            FoldedEvents.earliest(EventTypes.ORDER_CANCELLED));

    /** The same as columns of a table whose rows are orders. */
    static final Progress COLUMNS = new Progress(
            column(ORDERS_V2.PREPARED_AT),
            column(ORDERS_V2.DISPATCHED_AT),
            column(ORDERS_V2.DELIVERED_AT),
            field(DSL.name("asked_to_cancel_at"), Instant.class));

    /** The columns under the names that {@link #COLUMNS} has. */
    List<Field<Instant>> named() {
        return List.of(
                preparedAt.as(COLUMNS.preparedAt),
                dispatchedAt.as(COLUMNS.dispatchedAt),
                deliveredAt.as(COLUMNS.deliveredAt),
                askedToCancelAt.as(COLUMNS.askedToCancelAt));
    }

    /** Never null. */
    Field<Boolean> isCancellationRefused() {
        return coalesce(field(least(dispatchedAt, deliveredAt).lt(askedToCancelAt)), inline(false));
    }

    /** When the order was cancelled, if it was. */
    Field<Instant> cancelledAt() {
        return when(not(isCancellationRefused()), askedToCancelAt);
    }

    /** The name of an {@link OrderStatus}. */
    Field<String> status() {
        Condition isCancelled = askedToCancelAt.isNotNull().and(not(isCancellationRefused()));
        return when(isCancelled, name(OrderStatus.CANCELLED))
                .when(deliveredAt.isNotNull(), name(OrderStatus.DELIVERED))
                .when(dispatchedAt.isNotNull(), name(OrderStatus.DISPATCHED))
                .when(preparedAt.isNotNull(), name(OrderStatus.PREPARED))
                .otherwise(name(OrderStatus.PLACED));
    }

    private static Field<String> name(OrderStatus status) {
        return inline(status.name());
    }
}
