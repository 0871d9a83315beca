package io.orderledger.projections;

import java.util.List;

/**
 * The query cannot read some orders. Readers see the table that they saw before. Correct the code and call again, which tries these
 * orders again and goes on from there; or go on without them by {@link RebuildOptions#skipFailed}.
 */
public final class RebuildStopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How many failures are listed. */
    public static final int MAX_LISTED = 100;

    private final String projection;
    private final int count;
    private final transient List<Failure> first;

    RebuildStopped(String projection, int count, List<Failure> first) {
        super("The rebuild of " + projection + " stopped: its query cannot read " + count + " orders");
        this.projection = projection;
        this.count = count;
        this.first = List.copyOf(first);
    }

    /** ID of the projection. */
    public String projection() {
        return projection;
    }

    /** How many orders cannot be read. */
    public int count() {
        return count;
    }

    /** The first of them by order ID, at most {@link #MAX_LISTED}. */
    public List<Failure> first() {
        return first;
    }
}
