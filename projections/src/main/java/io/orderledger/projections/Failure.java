package io.orderledger.projections;

import java.util.UUID;

/**
 * An order that a projection's query cannot read, and that is therefore in none of its rows.
 *
 * @param projection ID of the projection
 * @param sinceHeight the first block with which it cannot be read
 * @param position of the order's newest event in that block
 * @param reason code of the failure, without any value of an event
 */
public record Failure(String projection, UUID orderId, long sinceHeight, long position, String reason) {}
