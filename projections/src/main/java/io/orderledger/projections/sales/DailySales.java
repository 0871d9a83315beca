package io.orderledger.projections.sales;

import static io.orderledger.db.tables.projection.Tables.DAILY_SALES_V1;
import static io.orderledger.db.tables.projection.Tables.ORDERS_V2;
import static io.orderledger.projections.Projection.column;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.when;

import io.orderledger.projections.Scope;
import io.orderledger.projections.SummedProjection;
import io.orderledger.projections.orders.OrderStatus;
import io.orderledger.projections.orders.OrdersProjection;
import java.time.LocalDate;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;

/** What was sold each UTC day in each currency: what the list of orders says, added up. */
public final class DailySales implements SummedProjection {
    private static final Field<LocalDate> DAY = column(DAILY_SALES_V1.DAY);
    private static final Field<String> CURRENCY = column(DAILY_SALES_V1.CURRENCY);
    private static final Field<Long> CANCELLED = column(DAILY_SALES_V1.CANCELLED);
    private static final Field<Long> REVENUE = column(DAILY_SALES_V1.REVENUE);

    private final OrdersProjection orders = new OrdersProjection();

    @Override
    public String name() {
        return "daily_sales";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public List<Field<?>> groupedBy() {
        return List.of(DAY, CURRENCY);
    }

    @Override
    public Field<Long> count() {
        return column(DAILY_SALES_V1.ORDERS);
    }

    @Override
    public List<Field<Long>> sums() {
        return List.of(CANCELLED, REVENUE);
    }

    @Override
    public Select<? extends Record> contributions(Scope scope) {
        Condition isCancelled = column(ORDERS_V2.STATUS).eq(inline(OrderStatus.CANCELLED.name()));
        return select(
                        Days.utc(column(ORDERS_V2.PLACED_AT)).as(DAY),
                        CURRENCY,
                        when(isCancelled, inline(1L)).otherwise(inline(0L)).as(CANCELLED),
                        when(isCancelled, inline(0L))
                                .otherwise(column(ORDERS_V2.TOTAL))
                                .as(REVENUE))
                .from(orders.rows(scope).asTable("orders"));
    }
}
