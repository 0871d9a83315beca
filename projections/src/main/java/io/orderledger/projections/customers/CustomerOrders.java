package io.orderledger.projections.customers;

import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.ledger.Tables.LATE;
import static io.orderledger.db.tables.projection.Tables.CHECKPOINT;
import static io.orderledger.db.tables.projection.Tables.CUSTOMER_ORDERS_V1;
import static io.orderledger.db.tables.projection.Tables.FAILURE;
import static io.orderledger.db.tables.projection.Tables.ORDERS_V2;
import static io.orderledger.projections.Projection.column;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import io.orderledger.ledger.Visibility;
import io.orderledger.projections.Scope;
import io.orderledger.projections.SummedProjection;
import io.orderledger.projections.orders.OrderStatus;
import io.orderledger.projections.orders.OrdersProjection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.impl.DSL;

/** What each customer has ordered in each currency: what the list of orders says, added up. */
public final class CustomerOrders implements SummedProjection {
    private static final Field<String> CUSTOMER_ID = column(CUSTOMER_ORDERS_V1.CUSTOMER_ID);
    private static final Field<String> CURRENCY = column(CUSTOMER_ORDERS_V1.CURRENCY);
    private static final Field<Long> OPEN = column(CUSTOMER_ORDERS_V1.OPEN);
    private static final Field<Long> CANCELLED = column(CUSTOMER_ORDERS_V1.CANCELLED);
    private static final Field<Long> SPENT = column(CUSTOMER_ORDERS_V1.SPENT);
    private static final Field<Instant> FIRST_PLACED_AT = column(CUSTOMER_ORDERS_V1.FIRST_PLACED_AT);
    private static final Field<Instant> LAST_PLACED_AT = column(CUSTOMER_ORDERS_V1.LAST_PLACED_AT);

    private final OrdersProjection orders = new OrdersProjection();

    @Override
    public String name() {
        return "customer_orders";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public List<Field<?>> groupedBy() {
        return List.of(CUSTOMER_ID, CURRENCY);
    }

    @Override
    public Field<Long> count() {
        return column(CUSTOMER_ORDERS_V1.ORDERS);
    }

    @Override
    public List<Field<Long>> sums() {
        return List.of(OPEN, CANCELLED, SPENT);
    }

    @Override
    public List<Field<?>> least() {
        return List.of(FIRST_PLACED_AT);
    }

    @Override
    public List<Field<?>> greatest() {
        return List.of(LAST_PLACED_AT);
    }

    @Override
    public Select<? extends Record> contributions(Scope scope) {
        Condition isCancelled = column(ORDERS_V2.STATUS).eq(inline(OrderStatus.CANCELLED.name()));
        return select(
                        CUSTOMER_ID,
                        CURRENCY,
                        when(isCancelled, inline(0L)).otherwise(inline(1L)).as(OPEN),
                        when(isCancelled, inline(1L)).otherwise(inline(0L)).as(CANCELLED),
                        when(isCancelled, inline(0L))
                                .otherwise(column(ORDERS_V2.TOTAL))
                                .as(SPENT),
                        column(ORDERS_V2.PLACED_AT).as(FIRST_PLACED_AT),
                        column(ORDERS_V2.PLACED_AT).as(LAST_PLACED_AT))
                .from(orders.rows(scope).asTable("orders"));
    }

    /**
     * The customers' orders by the list's index; and those of which the list may say something else than the ledger does at the height:
     * because it is ahead or behind by blocks that touch them, or could not read them.
     */
    @Override
    public Optional<Select<Record1<UUID>>> candidates(List<Record> groups, long height) {
        Field<Long> listed = coalesce(
                field(select(CHECKPOINT.HEIGHT)
                        .from(CHECKPOINT)
                        .where(CHECKPOINT.PROJECTION.eq(orders.id()))
                        .and(CHECKPOINT.LIVE)),
                inline(0L));
        Field<Long> agreed = DSL.least(listed, val(height));
        List<String> customers =
                groups.stream().map(group -> group.get(CUSTOMER_ID)).distinct().toList();
        return Optional.of(select(ORDERS_V2.ORDER_ID)
                .from(ORDERS_V2)
                .where(ORDERS_V2.CUSTOMER_ID.in(customers))
                .union(select(EVENT.STREAM_ID)
                        .from(EVENT)
                        .where(EVENT.POSITION.gt(coalesce(Visibility.high(agreed), inline(0L))))
                        .and(EVENT.POSITION.le(Visibility.high(DSL.greatest(listed, val(height))))))
                .union(select(EVENT.STREAM_ID)
                        .from(LATE)
                        .join(EVENT)
                        .on(EVENT.POSITION.eq(LATE.POSITION))
                        .where(LATE.HEIGHT.gt(agreed)))
                .union(select(FAILURE.ORDER_ID).from(FAILURE).where(FAILURE.PROJECTION.eq(orders.id()))));
    }
}
