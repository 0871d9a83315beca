package io.orderledger.benchmarks.append;

/**
 * How events are appended.
 *
 * @param clients how many at once, each with a connection of its own
 * @param batchSize events in one append; 1 for appends of single events
 */
record Cell(int clients, int batchSize) {
    boolean isBatch() {
        return batchSize > 1;
    }
}
