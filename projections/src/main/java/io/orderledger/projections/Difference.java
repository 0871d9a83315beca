package io.orderledger.projections;

import java.util.List;

/**
 * Where a projection's table is not what its query says. Names only: values may be personal data.
 *
 * @param key the row's key, its columns' values as text, in the order of the key
 * @param columns those that differ, where the row is on both sides
 */
public record Difference(Kind kind, List<String> key, List<String> columns) {
    /** What is wrong with a row. */
    public enum Kind {
        /** The query gives a row that the table does not have. */
        MISSING,
        /** The table has a row that the query does not give. */
        SUPERFLUOUS,
        /** Both have the row, and it differs. */
        DIFFERENT,
        /** The query cannot read the order, and that is not recorded: the key is the order's ID. */
        UNREADABLE
    }

    public Difference {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }
}
