package io.orderledger.projections;

import static io.orderledger.db.tables.projection.Tables.CHECKPOINT;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.select;

import io.orderledger.ledger.Database;
import io.orderledger.projections.CheckBatches.Batch;
import io.orderledger.projections.Difference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Select;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Compares table and query in one statement, and so in one snapshot: with the checkpoint that the table has in it, and only if readers see
 * that table in it.
 */
final class Comparison {
    private static final String QUERY = "query";
    private static final String STORED = "stored";
    private static final String KEY = "key_";
    private static final String DIFFERS = "differs_";
    private static final Field<Boolean> MISSING = field(name("is_missing"), Boolean.class);
    private static final Field<Boolean> SUPERFLUOUS = field(name("is_superfluous"), Boolean.class);
    private static final Field<Long> DIFFERENCES = field(name("differences"), Long.class);

    private final Database database;
    private final Projection projection;
    private final Content content;

    Comparison(Database database, Projection projection) {
        this.database = database;
        this.projection = projection;
        this.content = Content.of(projection);
    }

    /** What all groups of a summed projection say. */
    record Groups(long compared, long differences, List<Difference> first) {}

    static Slot liveSlot(Database database, Projection projection) {
        return database.statement(sql -> sql.select(CHECKPOINT.SLOT)
                        .from(CHECKPOINT)
                        .where(CHECKPOINT.PROJECTION.eq(projection.id()))
                        .and(CHECKPOINT.LIVE)
                        .fetchOptional(CHECKPOINT.SLOT))
                .map(letter -> new Slot(projection.id(), letter))
                .orElseThrow(() -> new IllegalStateException(
                        "Projection " + projection.id() + " waits for its first rebuild, or is not registered"));
    }

    List<Difference> ofOrders(Batch batch) {
        UUID[] orders = batch.orders().toArray(UUID[]::new);
        Field<UUID> key = field(name(content.key().getFirst().getName()), UUID.class);
        while (true) {
            Slot slot = liveSlot(database, projection);
            Scope scope = new Scope.Orders(batch.orders(), height(slot));
            Optional<List<Difference>> differences = fetch(
                            slot, scope, key.eq(any(orders)), batch.orders().size())
                    .map(rows -> rows.map(this::difference));
            if (differences.isPresent()) {
                return differences.get();
            }
        }
    }

    Groups ofGroups(int limit) {
        while (true) {
            Slot slot = liveSlot(database, projection);
            Optional<Result<Record>> rows = fetch(slot, new Scope.Everything(height(slot)), noCondition(), limit);
            if (rows.isPresent()) {
                long compared = database.statement(sql -> (long) sql.fetchCount(slot.table()));
                long differences =
                        rows.get().isEmpty() ? 0 : rows.get().getFirst().get(DIFFERENCES);
                return new Groups(compared, differences, rows.get().map(this::difference));
            }
        }
    }

    /** Runs the query for some orders, for nothing but the failure. */
    void read(List<UUID> orders) {
        Slot slot = liveSlot(database, projection);
        Field<Long> height = height(slot);
        database.statement(sql -> sql.fetch(
                content.rows(new RestrictedScope.WithoutFailed(new Scope.Orders(orders, height), slot, height))));
    }

    private static Field<Long> height(Slot slot) {
        return field(select(CHECKPOINT.HEIGHT).from(CHECKPOINT).where(isShown(slot)));
    }

    private static Condition isShown(Slot slot) {
        return slot.isThat(CHECKPOINT.PROJECTION, CHECKPOINT.SLOT).and(CHECKPOINT.LIVE);
    }

    /** The rows that differ; empty if readers see another table by now. */
    private Optional<Result<Record>> fetch(Slot slot, Scope scope, Condition stored, int limit) {
        Table<?> query = content.rows(new RestrictedScope.WithoutFailed(scope, slot, height(slot)))
                .asTable(QUERY);
        List<Field<?>> columns = Content.unqualified(List.of(query.fields()));
        Table<?> table = select(columns).from(slot.table()).where(stored).asTable(STORED);
        Table<?> differences = differences(query, table, columns, limit).asTable("found");
        Table<?> shown =
                select(CHECKPOINT.HEIGHT).from(CHECKPOINT).where(isShown(slot)).asTable("shown");
        Result<Record> rows = database.statement(sql -> sql.select()
                .from(shown)
                .leftJoin(differences)
                .on(DSL.trueCondition())
                .fetch());
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        rows.removeIf(row -> row.get(DIFFERENCES) == null);
        return Optional.of(rows);
    }

    private Select<?> differences(Table<?> query, Table<?> stored, List<Field<?>> columns, int limit) {
        List<SelectField<?>> selected = new ArrayList<>();
        Condition same = noCondition();
        for (Field<?> column : content.key()) {
            selected.add(DSL.cast(coalesced(column), String.class).as(KEY + column.getName()));
            same = same.and(equal(column));
        }
        Field<?> anyKey = content.key().getFirst();
        selected.add(DSL.field(of(QUERY, anyKey).isNull()).as(SUPERFLUOUS));
        selected.add(DSL.field(of(STORED, anyKey).isNull()).as(MISSING));
        List<Condition> differs = new ArrayList<>();
        for (Field<?> column : columns) {
            Condition distinct = isDistinct(column);
            differs.add(distinct);
            selected.add(DSL.field(distinct).as(DIFFERS + column.getName()));
        }
        selected.add(count().over().cast(Long.class).as(DIFFERENCES));
        return select(selected)
                .from(query)
                .fullJoin(stored)
                .on(same)
                .where(or(differs))
                .limit(limit);
    }

    private Difference difference(Record row) {
        List<String> key = content.key().stream()
                .map(column -> row.get(KEY + column.getName(), String.class))
                .toList();
        if (row.get(SUPERFLUOUS)) {
            return new Difference(Kind.SUPERFLUOUS, key, List.of());
        }
        if (row.get(MISSING)) {
            return new Difference(Kind.MISSING, key, List.of());
        }
        List<String> columns = new ArrayList<>();
        for (Field<?> field : row.fields()) {
            if (field.getName().startsWith(DIFFERS) && row.get(field, Boolean.class)) {
                columns.add(field.getName().substring(DIFFERS.length()));
            }
        }
        return new Difference(Kind.DIFFERENT, key, columns);
    }

    private static <T> Field<T> coalesced(Field<T> column) {
        return coalesce(of(QUERY, column), of(STORED, column));
    }

    private static <T> Condition equal(Field<T> column) {
        return of(QUERY, column).eq(of(STORED, column));
    }

    private static <T> Condition isDistinct(Field<T> column) {
        return of(QUERY, column).isDistinctFrom(of(STORED, column));
    }

    private static <T> Field<T> of(String table, Field<T> column) {
        return field(name(table, column.getName()), column.getDataType());
    }
}
