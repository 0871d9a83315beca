package io.orderledger.projections;

/** What a rebuild does, in this order. */
public enum RebuildPhase {
    /** Finds the orders that have events in several chunks. */
    SURVEY,
    /** Runs the query over each chunk by itself. */
    FOLD,
    /** Runs the query for each of the orders with events in several chunks. */
    STRADDLERS,
    /** Makes the table's indexes. Done and total are indexes in this phase, events in all others. */
    INDEXES,
    /** Takes the blocks into account that were sealed meanwhile. */
    CATCH_UP
}
