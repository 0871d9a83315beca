package io.orderledger.ledger;

import java.time.Duration;

/**
 * A transaction that appended before the erasure began stays open, and may still commit personal data. Nothing from before the erasure is
 * recorded by anybody else. End that transaction, then erase again.
 */
public final class ErasureBlocked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration waited;

    ErasureBlocked(Duration waited) {
        super("the erasure has begun, but after " + waited.toSeconds()
                + " seconds a transaction from before it is still open and may yet record personal data: end it (it holds a"
                + " RowShareLock on ledger.tombstone, see pg_locks), then run the erasure again");
        this.waited = waited;
    }

    /** How long the erasure waited for it. */
    public Duration waited() {
        return waited;
    }
}
