package io.orderledger.projections.orders;

import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.projection.Tables.ORDERS_V2;
import static io.orderledger.projections.Projection.column;
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

import io.orderledger.db.tables.ledger.Routines;
import io.orderledger.ledger.EventTypes;
import io.orderledger.projections.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** What all versions of the list of orders begin with: one pass over the events, grouped by order, and the first placing of each. */
final class FoldedEvents {
    static final Field<UUID> ORDER_ID = column(ORDERS_V2.ORDER_ID);
    static final Field<Instant> PLACED_AT = column(ORDERS_V2.PLACED_AT);
    static final Field<Integer> VERSION = column(ORDERS_V2.VERSION);
    static final Field<Integer> PLACINGS = column(ORDERS_V2.PLACINGS);
    static final Field<Long> PLACED_POSITION = column(ORDERS_V2.PLACED_POSITION);

    private static final Field<JSONB> PLACING = field(DSL.name("placing"), JSONB.class);
    private static final Field<JSONB> ITEM = field(DSL.name("item"), JSONB.class);

    private FoldedEvents() {}

    /**
     * The events in scope, a row an order; also of orders that were not placed, which have 0 {@link #PLACINGS}.
     *
     * @param times further columns, such as {@link #earliest}
     */
    static Table<?> byOrder(Scope scope, Collection<? extends Field<?>> times) {
        Condition isPlacing = isOf(EventTypes.ORDER_PLACED);
        List<Field<?>> columns = new ArrayList<>(List.of(
                EVENT.STREAM_ID.as(ORDER_ID),
                when(count().filterWhere(isPlacing).gt(inline(0)), firstPlacing(isPlacing))
                        .as(PLACING),
                earliest(EventTypes.ORDER_PLACED).as(PLACED_AT),
                max(EVENT.VERSION).as(VERSION),
                count().filterWhere(isPlacing).as(PLACINGS),
                min(EVENT.POSITION).filterWhere(isPlacing).as(PLACED_POSITION)));
        columns.addAll(times);
        return select(columns)
                .from(EVENT)
                .where(scope.sees(EVENT))
                .groupBy(EVENT.STREAM_ID)
                .asTable("orders");
    }

    /** When the order's first event of a type occurred: an aggregate over the events of one order. */
    static Field<Instant> earliest(String type) {
        return min(EVENT.OCCURRED_AT).filterWhere(isOf(type));
    }

    static Field<String> channel() {
        return jsonbGetAttributeAsText(PLACING, inline("channel"));
    }

    static Field<String> customerId() {
        return jsonbGetAttributeAsText(jsonbGetAttribute(PLACING, inline("customer")), inline("id"));
    }

    static Field<String> currency() {
        return jsonbGetAttributeAsText(PLACING, inline("currency"));
    }

    static Field<JSONB> items() {
        return jsonbGetAttribute(PLACING, inline("items"));
    }

    static Field<Long> total() {
        return field(select(coalesce(
                        cast(sum(number("quantity").times(number("unitPrice"))), SQLDataType.BIGINT), val(0L)))
                .from(DSL.table("jsonb_array_elements({0})", items()).as("items", ITEM.getName())));
    }

    private static Condition isOf(String type) {
        return EVENT.TYPE.eq(inline(type));
    }

    /** In its newest form. Columns alone are sorted, and one payload an order is brought into that form; both cost less than the other way. */
    private static Field<JSONB> firstPlacing(Condition isPlacing) {
        return Routines.upcast(
                inline(EventTypes.ORDER_PLACED),
                first(EVENT.SCHEMA_VERSION, isPlacing),
                first(EVENT.PAYLOAD, isPlacing));
    }

    private static <T> Field<T> first(Field<T> column, Condition condition) {
        return arrayGet(
                arrayAgg(column).orderBy(EVENT.OCCURRED_AT, EVENT.EVENT_ID).filterWhere(condition), inline(1));
    }

    private static Field<Long> number(String attribute) {
        return cast(jsonbGetAttributeAsText(ITEM, inline(attribute)), SQLDataType.BIGINT);
    }
}
