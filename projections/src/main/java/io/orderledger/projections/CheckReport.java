package io.orderledger.projections;

import java.util.List;

/**
 * What a check found.
 *
 * @param projection ID of the projection
 * @param compared rows or orders that were compared
 * @param differences how many there are
 * @param first the first of them, at most {@link ProjectionCheck#MAX_LISTED}
 */
public record CheckReport(String projection, long compared, long differences, List<Difference> first) {
    public CheckReport {
        first = List.copyOf(first);
    }

    /** Whether the table is what the query says. */
    public boolean isEqual() {
        return differences == 0;
    }
}
