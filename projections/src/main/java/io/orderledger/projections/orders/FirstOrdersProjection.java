package io.orderledger.projections.orders;

import static io.orderledger.db.tables.projection.Tables.ORDERS_V1;
import static io.orderledger.projections.Projection.column;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.when;

import io.orderledger.ledger.EventTypes;
import io.orderledger.projections.OrderProjection;
import io.orderledger.projections.Scope;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;

/**
 * Version 1 of the list of orders, which knows of placings and cancellations alone: every cancellation counts. It is kept current for code
 * that still reads it, and for readers of this code until {@linkplain OrdersProjection version 2} is built for the first time.
 */
public final class FirstOrdersProjection implements OrderProjection {
    @Override
    public String name() {
        return "orders";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Field<UUID> orderId() {
        return FoldedEvents.ORDER_ID;
    }

    @Override
    public Select<? extends Record> rows(Scope scope) {
        Field<Instant> cancelledAt = column(ORDERS_V1.CANCELLED_AT);
        return select(
                        FoldedEvents.ORDER_ID,
                        when(cancelledAt.isNull(), inline(OrderStatus.PLACED.name()))
                                .otherwise(inline(OrderStatus.CANCELLED.name()))
                                .as(ORDERS_V1.STATUS),
                        FoldedEvents.customerId().as(ORDERS_V1.CUSTOMER_ID),
                        FoldedEvents.currency().as(ORDERS_V1.CURRENCY),
                        FoldedEvents.total().as(ORDERS_V1.TOTAL),
                        FoldedEvents.items().as(ORDERS_V1.ITEMS),
                        FoldedEvents.PLACED_AT,
                        cancelledAt,
                        FoldedEvents.VERSION,
                        FoldedEvents.PLACINGS)
                .from(FoldedEvents.byOrder(
                        scope,
                        List.of(FoldedEvents.earliest(EventTypes.ORDER_CANCELLED)
                                .as(cancelledAt))))
                .where(FoldedEvents.PLACINGS.gt(inline(0)));
    }
}
