package io.orderledger.projections.orders;

import static io.orderledger.db.tables.ledger.Tables.CURRENT_EVENT;
import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.projection.Tables.ORDERS_V1_A;
import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.coalesce;
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
import io.orderledger.db.tables.projection.tables.records.OrdersV1ARecord;
import io.orderledger.ledger.EventTypes;
import io.orderledger.projections.OrderProjection;
import io.orderledger.projections.Scope;
import java.time.Instant;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * The list of orders. An order is listed once it is placed, also when its cancellation came first.
 *
 * <p>An order that was placed more than once counts as it was placed first: by the time of the request, then by event ID. It is
 * cancelled at the time of its earliest cancellation. None of this depends on the order in which the events arrived.
 */
public final class OrdersProjection implements OrderProjection<OrdersV1ARecord> {
    private static final Event PLACING = EVENT.as("placing");
    private static final Event SEEN = EVENT.as("seen");
    private static final Field<Instant> CANCELLED_AT = field(DSL.name("summary", "cancelled_at"), Instant.class);
    private static final Field<Integer> NEWEST_VERSION = field(DSL.name("summary", "newest_version"), Integer.class);
    private static final Field<UUID> SUMMARY_ORDER_ID = field(DSL.name("summary", "stream_id"), UUID.class);
    private static final Field<JSONB> ITEM = field(DSL.name("item"), JSONB.class);

    @Override
    public String name() {
        return "orders_v1";
    }

    @Override
    public Table<OrdersV1ARecord> table() {
        return ORDERS_V1_A;
    }

    @Override
    public TableField<OrdersV1ARecord, UUID> key() {
        return ORDERS_V1_A.ORDER_ID;
    }

    @Override
    public Select<? extends Record> rows(Scope scope) {
        // The alias of the derived table is that of the view inside, and the view has the columns of the event table,
        // so that the
        // generated columns of PLACING name the columns of both. Payloads are read in their newest form.
        Table<?> placing = select(PLACING.STREAM_ID, PLACING.PAYLOAD, PLACING.OCCURRED_AT)
                .distinctOn(PLACING.STREAM_ID)
                .from(CURRENT_EVENT.as(PLACING))
                .where(scope.sees(PLACING))
                .and(PLACING.TYPE.eq(EventTypes.ORDER_PLACED))
                .orderBy(PLACING.STREAM_ID, PLACING.OCCURRED_AT, PLACING.EVENT_ID)
                .asTable(PLACING.getName());
        Table<?> summary = select(
                        SEEN.STREAM_ID,
                        min(SEEN.OCCURRED_AT)
                                .filterWhere(SEEN.TYPE.eq(EventTypes.ORDER_CANCELLED))
                                .as(CANCELLED_AT.getName()),
                        max(SEEN.VERSION).as(NEWEST_VERSION.getName()))
                .from(SEEN)
                .where(scope.sees(SEEN))
                .groupBy(SEEN.STREAM_ID)
                .asTable("summary");
        Field<JSONB> items = jsonbGetAttribute(PLACING.PAYLOAD, "items");
        return select(
                        PLACING.STREAM_ID.as(ORDERS_V1_A.ORDER_ID),
                        when(CANCELLED_AT.isNull(), inline(OrderStatus.PLACED.name()))
                                .otherwise(inline(OrderStatus.CANCELLED.name()))
                                .as(ORDERS_V1_A.STATUS),
                        jsonbGetAttributeAsText(jsonbGetAttribute(PLACING.PAYLOAD, "customer"), "id")
                                .as(ORDERS_V1_A.CUSTOMER_ID),
                        jsonbGetAttributeAsText(PLACING.PAYLOAD, "currency").as(ORDERS_V1_A.CURRENCY),
                        total(items).as(ORDERS_V1_A.TOTAL),
                        items.as(ORDERS_V1_A.ITEMS),
                        PLACING.OCCURRED_AT.as(ORDERS_V1_A.PLACED_AT),
                        CANCELLED_AT.as(ORDERS_V1_A.CANCELLED_AT),
                        NEWEST_VERSION.as(ORDERS_V1_A.VERSION))
                .from(placing)
                .join(summary)
                .on(SUMMARY_ORDER_ID.eq(PLACING.STREAM_ID));
    }

    private static Field<Long> total(Field<JSONB> items) {
        return field(select(coalesce(
                        cast(sum(number("quantity").times(number("unitPrice"))), SQLDataType.BIGINT), val(0L)))
                .from(DSL.table("jsonb_array_elements({0})", items).as("items", ITEM.getName())));
    }

    private static Field<Long> number(String attribute) {
        return cast(jsonbGetAttributeAsText(ITEM, attribute), SQLDataType.BIGINT);
    }
}
