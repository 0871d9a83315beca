package io.orderledger.ledger.publication;

/**
 * How far everything is announced: all events up to a block, and some of the next one, the lowest positions first.
 *
 * @param height the block; 0 is before the first one
 * @param announced how many events of the next block
 */
public record Place(long height, int announced) {}
