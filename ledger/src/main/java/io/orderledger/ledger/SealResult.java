package io.orderledger.ledger;

/** What {@link Ledger#seal} did. */
public sealed interface SealResult {
    /**
     * Events were put into a new block.
     *
     * @param height number of the block, from 1, without gaps
     * @param eventCount events in it, at least 1
     */
    record Sealed(long height, int eventCount) implements SealResult {}

    /** Every event that was committed before the call is in a block. */
    record NothingPending() implements SealResult {}

    /** Another session is sealing right now. */
    record Busy() implements SealResult {}
}
