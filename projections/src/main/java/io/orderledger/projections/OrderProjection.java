package io.orderledger.projections;

import java.util.UUID;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.TableField;

/**
 * A projection with at most one row an order.
 *
 * <p>Its query has to be a function of the set of events that the scope shows: neither the order in which they arrived nor how they
 * are cut into blocks may make a difference.
 *
 * @param <R> the table's row
 */
public interface OrderProjection<R extends Record> {
    /** Key of the projection's row in {@code projection.checkpoint}. */
    String name();

    /** The table that holds the rows; written by the engine only. */
    Table<R> table();

    /** The table's primary key, the order's ID. */
    TableField<R, UUID> key();

    /** The query: what the table should hold for the orders in the scope, with the table's columns in the table's order. */
    Select<? extends Record> rows(Scope scope);
}
