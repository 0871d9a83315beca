package io.orderledger.projections;

/**
 * A rebuild that came to its end: readers see the new table.
 *
 * @param projection ID of the projection
 * @param height the block that the table took into account when it was shown
 * @param events how many events that are
 * @param failed orders that the query cannot read, left out because the options said so
 */
public record Rebuilt(String projection, long height, long events, int failed) {}
