package io.orderledger.projections;

/**
 * A projection: one query over the ledger. The engine runs it in four ways: to catch up ({@link CatchUp}), to rebuild ({@link
 * Rebuild}), as of an earlier block, and to check what is stored ({@link ProjectionCheck}).
 *
 * <p>To add one, write a class that implements {@link OrderProjection} or {@link SummedProjection}, add it to {@code
 * RegisteredProjections.ALL}, and write a migration that makes the table {@code projection.<id>_a} with its indexes, the view {@code
 * projection.<id>} on it, and ends with {@code select projection.register('<id>')}. Nothing else is to be made by hand: the second
 * table, the grants and the checkpoints are made by {@code register}, and all statements by the engine.
 *
 * <p>The query has to be a function of the set of events that its scope shows: neither the order in which they arrived nor how they are
 * cut into blocks may make a difference. An implementation is immutable.
 */
public sealed interface Projection permits OrderProjection, SummedProjection {
    /** What people call it, in every version, such as {@code orders}. */
    String name();

    /**
     * Counted from 1. A change that makes the query give other rows, or the table another shape, is a new version with its own migration,
     * registered beside the old one, which is kept current until no code reads it any more.
     */
    int version();

    /** What the database knows it by: key of its checkpoints, name of its view and stem of its tables' names. */
    default String id() {
        return name() + "_v" + version();
    }
}
