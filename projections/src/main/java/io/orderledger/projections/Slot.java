package io.orderledger.projections;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * One of the two tables of a projection.
 *
 * @param projection ID of the projection
 * @param letter {@code a} or {@code b}
 */
record Slot(String projection, String letter) {
    private static final String SCHEMA = "projection";

    Table<Record> table() {
        return DSL.table(DSL.name(SCHEMA, projection + "_" + letter));
    }

    Condition isThat(Field<String> projectionColumn, Field<String> slotColumn) {
        return projectionColumn.eq(projection).and(slotColumn.eq(letter));
    }
}
