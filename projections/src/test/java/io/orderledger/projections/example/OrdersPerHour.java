package io.orderledger.projections.example;

import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.select;

import io.orderledger.ledger.EventTypes;
import io.orderledger.projections.Scope;
import io.orderledger.projections.SummedProjection;
import java.time.Instant;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.impl.DSL;

/** How many orders were placed in each hour. */
public final class OrdersPerHour implements SummedProjection {
    private static final Field<Instant> HOUR = field(DSL.name("hour"), Instant.class);
    private static final Field<Long> ORDERS = field(DSL.name("orders"), Long.class);

    @Override
    public String name() {
        return "orders_per_hour";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public List<Field<?>> groupedBy() {
        return List.of(HOUR);
    }

    @Override
    public Field<Long> count() {
        return ORDERS;
    }

    @Override
    public List<Field<Long>> sums() {
        return List.of();
    }

    @Override
    public Select<? extends Record> contributions(Scope scope) {
        Field<Instant> placedAt = min(EVENT.OCCURRED_AT);
        return select(field("date_trunc('hour', {0}, 'UTC')", Instant.class, placedAt)
                        .as(HOUR))
                .from(EVENT)
                .where(scope.sees(EVENT))
                .and(EVENT.TYPE.eq(inline(EventTypes.ORDER_PLACED)))
                .groupBy(EVENT.STREAM_ID);
    }
}
