package io.orderledger.projections;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.deleteFrom;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;

/** One row an order. */
record OrderContent(OrderProjection projection) implements Content {
    @Override
    public Select<? extends Record> rows(Scope scope) {
        return projection.rows(scope);
    }

    @Override
    public List<Field<?>> key() {
        return List.of(projection.orderId());
    }

    /** One statement, so that what is written and what is removed come from the same answer of the query. */
    @Override
    public List<Record> move(DSLContext sql, Slot slot, Collection<UUID> orders, long from, long to) {
        CommonTableExpression<?> current =
                name("current_rows").asMaterialized(projection.rows(new Scope.Orders(orders, to)));
        List<Field<?>> columns = Content.unqualified(List.of(current.fields()));
        CommonTableExpression<?> removed = name("removed")
                .as(deleteFrom(slot.table())
                        .where(isOneOf(orders))
                        .and(projection
                                .orderId()
                                .notIn(select(projection.orderId()).from(current)))
                        .returning(projection.orderId()));
        sql.with(current, removed)
                .insertInto(slot.table())
                .columns(columns)
                .select(select(columns).from(current))
                .onConflict(projection.orderId())
                .doUpdate()
                .setAllToExcluded()
                .execute();
        return List.of();
    }

    @Override
    public List<Record> takeOut(DSLContext sql, Slot slot, Collection<UUID> orders, long height) {
        sql.deleteFrom(slot.table()).where(isOneOf(orders)).execute();
        return List.of();
    }

    private Condition isOneOf(Collection<UUID> orders) {
        return projection.orderId().eq(any(orders.toArray(UUID[]::new)));
    }

    @Override
    public void findAnew(DSLContext sql, Slot slot, List<Record> groups, long height) {
        if (!groups.isEmpty()) {
            throw new IllegalArgumentException("A table with a row an order has no groups");
        }
    }

    @Override
    public void add(DSLContext sql, Slot slot, Scope scope) {
        Select<? extends Record> rows = projection.rows(scope);
        List<Field<?>> columns =
                Content.unqualified(List.of(rows.asTable("added").fields()));
        sql.insertInto(slot.table()).columns(columns).select(rows).execute();
    }

    @Override
    public boolean needsKeyToAdd() {
        return false;
    }
}
