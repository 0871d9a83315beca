package io.orderledger.projections.orders;

import static io.orderledger.db.tables.ledger.Tables.CURRENT_EVENT;
import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.projection.Tables.ORDERS_V1;
import static org.jooq.impl.DSL.arrayAgg;
import static org.jooq.impl.DSL.arrayGet;
import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbGetAttribute;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import io.orderledger.db.tables.ledger.tables.Event;
import io.orderledger.ledger.EventTypes;
import io.orderledger.projections.OrderProjection;
import io.orderledger.projections.Scope;
import java.time.Instant;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * The list of orders. An order is listed once it is placed, also when its cancellation came first.
 *
 * <p>An order that was placed more than once counts as it was placed first: by the time of the request, then by event ID. It is
 * cancelled at the time of its earliest cancellation. None of this depends on the order in which the events arrived.
 */
public final class OrdersProjection implements OrderProjection {
    /** The view has the columns of the event table, and the generated columns name those of both. */
    private static final Event SEEN = EVENT.as("seen");

    private static final Field<UUID> ORDER_ID = column(ORDERS_V1.ORDER_ID);
    private static final Field<JSONB> PLACING = field(DSL.name("placing"), JSONB.class);
    private static final Field<JSONB> ITEM = field(DSL.name("item"), JSONB.class);

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
        return ORDER_ID;
    }

    /** One pass over the events, payloads in their newest form, grouped by order; then the first placing of each is taken apart. */
    @Override
    public Select<? extends Record> rows(Scope scope) {
        Condition isPlacing = SEEN.TYPE.eq(inline(EventTypes.ORDER_PLACED));
        Condition isCancellation = SEEN.TYPE.eq(inline(EventTypes.ORDER_CANCELLED));
        Table<?> orders = select(
                        SEEN.STREAM_ID.as(ORDER_ID),
                        arrayGet(
                                        arrayAgg(SEEN.PAYLOAD)
                                                .orderBy(SEEN.OCCURRED_AT, SEEN.EVENT_ID)
                                                .filterWhere(isPlacing),
                                        inline(1))
                                .as(PLACING),
                        min(SEEN.OCCURRED_AT).filterWhere(isPlacing).as(ORDERS_V1.PLACED_AT),
                        min(SEEN.OCCURRED_AT).filterWhere(isCancellation).as(ORDERS_V1.CANCELLED_AT),
                        max(SEEN.VERSION).as(ORDERS_V1.VERSION),
                        count().filterWhere(isPlacing).as(ORDERS_V1.PLACINGS))
                .from(CURRENT_EVENT.as(SEEN))
                .where(scope.sees(SEEN))
                .groupBy(SEEN.STREAM_ID)
                .asTable("orders");
        Field<Instant> cancelledAt = column(ORDERS_V1.CANCELLED_AT);
        Field<JSONB> items = jsonbGetAttribute(PLACING, inline("items"));
        return select(
                        ORDER_ID,
                        when(cancelledAt.isNull(), inline(OrderStatus.PLACED.name()))
                                .otherwise(inline(OrderStatus.CANCELLED.name()))
                                .as(ORDERS_V1.STATUS),
                        jsonbGetAttributeAsText(jsonbGetAttribute(PLACING, inline("customer")), inline("id"))
                                .as(ORDERS_V1.CUSTOMER_ID),
                        jsonbGetAttributeAsText(PLACING, inline("currency")).as(ORDERS_V1.CURRENCY),
                        total(items).as(ORDERS_V1.TOTAL),
                        items.as(ORDERS_V1.ITEMS),
                        column(ORDERS_V1.PLACED_AT),
                        cancelledAt,
                        column(ORDERS_V1.VERSION),
                        column(ORDERS_V1.PLACINGS))
                .from(orders)
                .where(column(ORDERS_V1.PLACINGS).gt(inline(0)));
    }

    private static Field<Long> total(Field<JSONB> items) {
        return field(select(coalesce(
                        cast(sum(number("quantity").times(number("unitPrice"))), SQLDataType.BIGINT), val(0L)))
                .from(DSL.table("jsonb_array_elements({0})", items).as("items", ITEM.getName())));
    }

    private static Field<Long> number(String attribute) {
        return cast(jsonbGetAttributeAsText(ITEM, inline(attribute)), SQLDataType.BIGINT);
    }

    private static <T> Field<T> column(Field<T> column) {
        return field(column.getUnqualifiedName(), column.getDataType());
    }
}
