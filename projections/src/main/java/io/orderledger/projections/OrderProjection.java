package io.orderledger.projections;

import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;

/** A projection with at most one row an order. */
public non-sealed interface OrderProjection extends Projection {
    /** The table's primary key, the order's ID; the name without a table. */
    Field<UUID> orderId();

    /**
     * The query: what the table should hold for the orders in the scope, with the table's columns by their names.
     *
     * <p>{@link Scope#sees} goes into the WHERE of each use of the event table. A rebuild runs it over hundreds of thousands of events at
     * a time: it should read the events once, and group them by order.
     */
    Select<? extends Record> rows(Scope scope);
}
