package io.orderledger.projections;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.impl.DSL;

/** How the rows of a kind of projection follow from its query, and are brought into its tables. */
sealed interface Content permits OrderContent, SummedContent {
    static Content of(Projection projection) {
        return switch (projection) {
            case OrderProjection orders -> new OrderContent(orders);
            case SummedProjection summed -> new SummedContent(summed);
        };
    }

    /** What a table should hold for the events in the scope: the table's columns, named without a table. */
    Select<? extends Record> rows(Scope scope);

    /** The table's primary key. */
    List<Field<?>> key();

    /**
     * Makes a table that takes the orders into account as of one height take them into account as of another. Orders that are recorded as
     * failures of the table count as having been taken out of it.
     *
     * @return groups whose extreme values have to be found anew, see {@link #findAnew}
     */
    List<Record> move(DSLContext sql, Slot slot, Collection<UUID> orders, long from, long to);

    /** Takes the orders out of a table that takes them into account as of a height. */
    List<Record> takeOut(DSLContext sql, Slot slot, Collection<UUID> orders, long height);

    /** Finds the extreme values of groups, once the table is right for everything else as of the height. */
    void findAnew(DSLContext sql, Slot slot, List<Record> groups, long height);

    /** Adds what the scope gives to a table that takes none of these orders into account. */
    void add(DSLContext sql, Slot slot, Scope scope);

    /** Whether adding needs the table's primary key. */
    boolean needsKeyToAdd();

    static List<Field<?>> unqualified(Collection<? extends Field<?>> fields) {
        return List.copyOf(fields.stream()
                .map(field -> DSL.field(field.getUnqualifiedName(), field.getDataType()))
                .toList());
    }
}
