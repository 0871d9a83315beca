package io.orderledger.projections.sales;

import static io.orderledger.db.tables.projection.Tables.ITEM_SALES_V1;
import static io.orderledger.db.tables.projection.Tables.ORDERS_V2;
import static io.orderledger.projections.Projection.column;
import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.when;

import io.orderledger.projections.Scope;
import io.orderledger.projections.SummedProjection;
import io.orderledger.projections.orders.OrderStatus;
import io.orderledger.projections.orders.OrdersProjection;
import java.time.LocalDate;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** What was sold of each item each UTC day in each currency: the items in the list of orders, added up. */
public final class ItemSales implements SummedProjection {
    private static final Field<String> SKU = column(ITEM_SALES_V1.SKU);
    private static final Field<LocalDate> DAY = column(ITEM_SALES_V1.DAY);
    private static final Field<String> CURRENCY = column(ITEM_SALES_V1.CURRENCY);
    private static final Field<Long> CANCELLED = column(ITEM_SALES_V1.CANCELLED);
    private static final Field<Long> QUANTITY = column(ITEM_SALES_V1.QUANTITY);
    private static final Field<Long> REVENUE = column(ITEM_SALES_V1.REVENUE);

    private static final Field<JSONB> LINE = field(DSL.name("line"), JSONB.class);

    private final OrdersProjection orders = new OrdersProjection();

    @Override
    public String name() {
        return "item_sales";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public List<Field<?>> groupedBy() {
        return List.of(SKU, DAY, CURRENCY);
    }

    @Override
    public Field<Long> count() {
        return column(ITEM_SALES_V1.ORDERS);
    }

    @Override
    public List<Field<Long>> sums() {
        return List.of(CANCELLED, QUANTITY, REVENUE);
    }

    /** A row for each item of each order, so that the engine's count of rows is a count of orders. */
    @Override
    public Select<? extends Record> contributions(Scope scope) {
        Field<String> sku = jsonbGetAttributeAsText(LINE, inline("sku"));
        Field<Long> pieces = cast(sum(number("quantity")), SQLDataType.BIGINT);
        Field<Long> amount = cast(sum(number("quantity").times(number("unitPrice"))), SQLDataType.BIGINT);
        Condition isCancelled = column(ORDERS_V2.STATUS).eq(inline(OrderStatus.CANCELLED.name()));
        Table<?> lines =
                table("jsonb_array_elements({0})", column(ORDERS_V2.ITEMS)).as("lines", LINE.getName());
        return select(
                        sku.as(SKU),
                        Days.utc(column(ORDERS_V2.PLACED_AT)).as(DAY),
                        CURRENCY,
                        when(isCancelled, inline(1L)).otherwise(inline(0L)).as(CANCELLED),
                        when(isCancelled, inline(0L)).otherwise(pieces).as(QUANTITY),
                        when(isCancelled, inline(0L)).otherwise(amount).as(REVENUE))
                .from(orders.rows(scope).asTable("orders"))
                .crossJoin(lateral(lines))
                .groupBy(
                        column(ORDERS_V2.ORDER_ID),
                        sku,
                        column(ORDERS_V2.PLACED_AT),
                        column(ORDERS_V2.CURRENCY),
                        column(ORDERS_V2.STATUS));
    }

    private static Field<Long> number(String attribute) {
        return cast(jsonbGetAttributeAsText(LINE, inline(attribute)), SQLDataType.BIGINT);
    }
}
