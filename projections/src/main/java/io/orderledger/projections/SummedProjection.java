package io.orderledger.projections;

import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;

/**
 * A projection that adds up what orders contribute, by a key. When an order changes, what it contributed before is taken off and what it
 * contributes now is added; both come from the same query, so contributions are stored nowhere. A group to which nothing contributes any
 * more has no row.
 *
 * <p>The table's columns are those of {@link #groupedBy}, {@link #count}, {@link #sums}, {@link #least} and {@link #greatest}, none
 * nullable; fields are named without a table. It has no CHECK constraint on sums.
 */
public non-sealed interface SummedProjection extends Projection {
    /** The table's primary key. */
    List<Field<?>> groupedBy();

    /** The column that says of how many contributions the row is the sum; the engine counts them. */
    Field<Long> count();

    /** Columns that are sums of the contributions' columns of the same name. */
    List<Field<Long>> sums();

    /** Columns that are the least of the contributions' columns of the same name. See {@link #greatest}. */
    default List<Field<?>> least() {
        return List.of();
    }

    /**
     * Columns that are the greatest of the contributions' columns of the same name.
     *
     * <p>For values that hardly ever go away again, such as the time when an order was placed. Where the extreme value of a group does,
     * the group is computed anew, which reads the whole ledger.
     */
    default List<Field<?>> greatest() {
        return List.of();
    }

    /**
     * The query: any number of rows for each order in the scope, with all columns but {@link #count}, by their names, and without nulls.
     *
     * <p>{@link Scope#sees} goes into the WHERE of each use of the event table. A rebuild runs it over hundreds of thousands of events at
     * a time: it should read the events once, and group them by order.
     */
    Select<? extends Record> contributions(Scope scope);
}
