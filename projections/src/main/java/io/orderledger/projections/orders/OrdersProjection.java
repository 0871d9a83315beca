package io.orderledger.projections.orders;

import static io.orderledger.db.tables.projection.Tables.ORDERS_V2;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;

import io.orderledger.projections.OrderProjection;
import io.orderledger.projections.Scope;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;

/**
 * The list of orders. An order is listed once it is placed, also when everything else that befell it came first.
 *
 * <p>An order that was placed more than once counts as it was placed first: by the time of the request, then by event ID. How its status
 * follows from the times of its events is told by {@link Progress}. None of this depends on the order in which the events arrived.
 */
public final class OrdersProjection implements OrderProjection {
    @Override
    public String name() {
        return "orders";
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public Field<UUID> orderId() {
        return FoldedEvents.ORDER_ID;
    }

    /** One pass over the events, grouped by order; then the first placing of each order is taken apart. */
    @Override
    public Select<? extends Record> rows(Scope scope) {
        Progress progress = Progress.COLUMNS;
        return select(
                        FoldedEvents.ORDER_ID,
                        progress.status().as(ORDERS_V2.STATUS),
                        progress.isCancellationRefused().as(ORDERS_V2.CANCELLATION_REFUSED),
                        FoldedEvents.channel().as(ORDERS_V2.CHANNEL),
                        FoldedEvents.customerId().as(ORDERS_V2.CUSTOMER_ID),
                        FoldedEvents.currency().as(ORDERS_V2.CURRENCY),
                        FoldedEvents.total().as(ORDERS_V2.TOTAL),
                        FoldedEvents.items().as(ORDERS_V2.ITEMS),
                        FoldedEvents.PLACED_AT,
                        progress.preparedAt(),
                        progress.dispatchedAt(),
                        progress.deliveredAt(),
                        progress.cancelledAt().as(ORDERS_V2.CANCELLED_AT),
                        FoldedEvents.VERSION,
                        FoldedEvents.PLACINGS,
                        FoldedEvents.PLACED_POSITION)
                .from(FoldedEvents.byOrder(scope, Progress.OF_EVENTS.named()))
                .where(FoldedEvents.PLACINGS.gt(inline(0)));
    }
}
