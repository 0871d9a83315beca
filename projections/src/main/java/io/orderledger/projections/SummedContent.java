package io.orderledger.projections;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.CommonTableExpression;
import org.jooq.Comparator;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.RowN;
import org.jooq.Select;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Contributions of orders, added up by a key. */
record SummedContent(SummedProjection projection) implements Content {
    private static final String STORED = "stored";
    private static final String DELTA = "delta";
    private static final String ADDED = "added_";
    private static final String TAKEN_OFF = "taken_off_";

    @Override
    public Select<? extends Record> rows(Scope scope) {
        Table<?> contributions = projection.contributions(scope).asTable("contributions");
        List<SelectField<?>> columns = new ArrayList<>(projection.groupedBy());
        columns.add(count().cast(Long.class).as(projection.count()));
        projection.sums().forEach(column -> columns.add(total(column).as(column)));
        projection.least().forEach(column -> columns.add(min(column).as(column)));
        projection.greatest().forEach(column -> columns.add(max(column).as(column)));
        return select(columns).from(contributions).groupBy(projection.groupedBy());
    }

    @Override
    public List<Field<?>> key() {
        return projection.groupedBy();
    }

    @Override
    public List<Record> move(DSLContext sql, Slot slot, Collection<UUID> orders, long from, long to) {
        return apply(sql, slot, delta(before(slot, orders, from), new Scope.Orders(orders, to)));
    }

    @Override
    public List<Record> takeOut(DSLContext sql, Slot slot, Collection<UUID> orders, long height) {
        return apply(sql, slot, delta(before(slot, orders, height), new Scope.Orders(List.of(), height)));
    }

    private static Scope before(Slot slot, Collection<UUID> orders, long height) {
        return new RestrictedScope.WithoutFailed(new Scope.Orders(orders, height), slot, height);
    }

    /** For each group what is added to it less what is taken off, and the extreme values on either side. */
    private Select<?> delta(Scope before, Scope after) {
        Table<?> changes = signed(after, 1).unionAll(signed(before, -1)).asTable("changes");
        List<SelectField<?>> columns = new ArrayList<>(projection.groupedBy());
        columns.add(total(projection.count()).as(projection.count()));
        projection.sums().forEach(column -> columns.add(total(column).as(column)));
        for (Field<?> extreme : projection.least()) {
            columns.add(min(side(ADDED, extreme)).as(side(ADDED, extreme)));
            columns.add(min(side(TAKEN_OFF, extreme)).as(side(TAKEN_OFF, extreme)));
        }
        for (Field<?> extreme : projection.greatest()) {
            columns.add(max(side(ADDED, extreme)).as(side(ADDED, extreme)));
            columns.add(max(side(TAKEN_OFF, extreme)).as(side(TAKEN_OFF, extreme)));
        }
        return select(columns).from(changes).groupBy(projection.groupedBy());
    }

    private Select<Record> signed(Scope scope, long sign) {
        List<SelectField<?>> columns = new ArrayList<>(projection.groupedBy());
        columns.add(inline(sign).as(projection.count()));
        projection
                .sums()
                .forEach(column -> columns.add(column.times(inline(sign)).as(column)));
        for (Field<?> extreme : extremes()) {
            columns.add((sign > 0 ? extreme : nothing(extreme.getDataType())).as(side(ADDED, extreme)));
            columns.add((sign < 0 ? extreme : nothing(extreme.getDataType())).as(side(TAKEN_OFF, extreme)));
        }
        return select(columns).from(projection.contributions(scope).asTable("contributions"));
    }

    private static <T> Field<T> nothing(DataType<T> type) {
        return DSL.castNull(type);
    }

    private List<Record> apply(DSLContext sql, Slot slot, Select<?> delta) {
        List<Record> anew = extremes().isEmpty() ? List.of() : groupsThatLostAnExtreme(sql, slot, delta);
        Table<?> stored = slot.table().as(STORED);
        Table<?> changes = delta.asTable(DELTA);
        Map<Field<?>, Field<?>> moved = new LinkedHashMap<>();
        moved.put(projection.count(), newCount());
        projection.sums().forEach(column -> moved.put(column, of(STORED, column).plus(of(DELTA, column))));
        projection
                .least()
                .forEach(column -> moved.put(column, lesser(of(STORED, column), of(DELTA, side(ADDED, column)))));
        projection
                .greatest()
                .forEach(column -> moved.put(column, greater(of(STORED, column), of(DELTA, side(ADDED, column)))));
        List<Field<?>> inserted = new ArrayList<>();
        projection.groupedBy().forEach(column -> inserted.add(of(DELTA, column)));
        inserted.add(of(DELTA, projection.count()));
        projection.sums().forEach(column -> inserted.add(of(DELTA, column)));
        extremes().forEach(column -> inserted.add(of(DELTA, side(ADDED, column))));
        sql.mergeInto(stored)
                .using(changes)
                .on(sameGroup(STORED, DELTA))
                .whenMatchedAnd(newCount().eq(inline(0L)))
                .thenDelete()
                .whenMatchedAnd(changesAnything())
                .thenUpdate()
                .set(moved)
                .whenNotMatchedThenInsert(columns())
                .values(inserted)
                .execute();
        return anew;
    }

    private Field<Long> newCount() {
        return of(STORED, projection.count()).plus(of(DELTA, projection.count()));
    }

    /** A group from which its extreme value is taken off and not put back: only its other contributions can tell the new one. */
    private List<Record> groupsThatLostAnExtreme(DSLContext sql, Slot slot, Select<?> delta) {
        Condition lost = noCondition();
        for (Field<?> column : projection.least()) {
            lost = lost.or(isLost(column, Comparator.GREATER));
        }
        for (Field<?> column : projection.greatest()) {
            lost = lost.or(isLost(column, Comparator.LESS));
        }
        List<SelectField<?>> key = new ArrayList<>();
        projection.groupedBy().forEach(column -> key.add(of(STORED, column)));
        return List.copyOf(sql.select(key)
                .from(slot.table().as(STORED))
                .join(delta.asTable(DELTA))
                .on(sameGroup(STORED, DELTA))
                .where(lost)
                .and(newCount().ne(inline(0L)))
                .fetch());
    }

    private static <T> Condition isLost(Field<T> column, Comparator worse) {
        Field<T> added = of(DELTA, side(ADDED, column));
        Field<T> takenOff = of(DELTA, side(TAKEN_OFF, column));
        return takenOff.eq(of(STORED, column)).and(added.isNull().or(added.compare(worse, takenOff)));
    }

    @Override
    public void findAnew(DSLContext sql, Slot slot, List<Record> groups, long height) {
        if (groups.isEmpty()) {
            return;
        }
        Scope scope = new RestrictedScope.WithoutFailed(new Scope.Everything(height), slot, height);
        List<RowN> keys = groups.stream()
                .map(group -> row(group.valuesRow().fields()))
                .map(RowN.class::cast)
                .toList();
        Table<?> anew = select(DSL.asterisk())
                .from(rows(scope).asTable("all_groups"))
                .where(row(projection.groupedBy()).in(keys))
                .asTable(DELTA);
        Map<Field<?>, Field<?>> found = new LinkedHashMap<>();
        extremes().forEach(column -> found.put(column, of(DELTA, column)));
        sql.update(slot.table().as(STORED))
                .set(found)
                .from(anew)
                .where(sameGroup(STORED, DELTA))
                .execute();
    }

    @Override
    public void add(DSLContext sql, Slot slot, Scope scope) {
        CommonTableExpression<?> sums = name(DELTA).asMaterialized(rows(scope));
        Map<Field<?>, Field<?>> added = new LinkedHashMap<>();
        added.put(projection.count(), of(STORED, projection.count()).plus(excluded(projection.count())));
        projection.sums().forEach(column -> added.put(column, of(STORED, column).plus(excluded(column))));
        projection.least().forEach(column -> added.put(column, lesser(of(STORED, column), excluded(column))));
        projection.greatest().forEach(column -> added.put(column, greater(of(STORED, column), excluded(column))));
        // In the order of the key, so that two workers that add to the same groups wait for each other and do not block
        // each other.
        sql.with(sums)
                .insertInto(slot.table().as(STORED))
                .columns(columns())
                .select(select(columns()).from(sums).orderBy(projection.groupedBy()))
                .onConflict(projection.groupedBy())
                .doUpdate()
                .set(added)
                .execute();
    }

    @Override
    public boolean needsKeyToAdd() {
        return true;
    }

    private List<Field<?>> extremes() {
        List<Field<?>> extremes = new ArrayList<>(projection.least());
        extremes.addAll(projection.greatest());
        return extremes;
    }

    private List<Field<?>> columns() {
        List<Field<?>> columns = new ArrayList<>(projection.groupedBy());
        columns.add(projection.count());
        columns.addAll(projection.sums());
        columns.addAll(extremes());
        return columns;
    }

    private Condition changesAnything() {
        Condition changes = of(DELTA, projection.count()).ne(inline(0L));
        for (Field<Long> column : projection.sums()) {
            changes = changes.or(of(DELTA, column).ne(inline(0L)));
        }
        for (Field<?> column : extremes()) {
            changes = changes.or(of(DELTA, side(ADDED, column)).isNotNull());
        }
        return changes;
    }

    private Condition sameGroup(String one, String other) {
        Condition same = noCondition();
        for (Field<?> column : projection.groupedBy()) {
            same = and(same, equal(column, one, other));
        }
        return same;
    }

    private static <T> Condition equal(Field<T> column, String one, String other) {
        return of(one, column).eq(of(other, column));
    }

    private static Field<Long> total(Field<Long> column) {
        return sum(column).cast(Long.class);
    }

    private static <T> Field<T> of(String table, Field<T> column) {
        return field(name(table, column.getName()), column.getDataType());
    }

    private static <T> Field<T> side(String side, Field<T> column) {
        return field(name(side + column.getName()), column.getDataType());
    }

    @SuppressWarnings("unchecked") // The same column, whatever its type.
    private static Field<?> lesser(Field<?> one, Field<?> other) {
        return least((Field<Object>) one, (Field<Object>) other);
    }

    @SuppressWarnings("unchecked") // The same column, whatever its type.
    private static Field<?> greater(Field<?> one, Field<?> other) {
        return greatest((Field<Object>) one, (Field<Object>) other);
    }
}
