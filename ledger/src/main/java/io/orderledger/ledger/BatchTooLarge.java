package io.orderledger.ledger;

/** A batch has more events or more bytes of JSON than one call takes. Nothing was recorded: split it. */
public final class BatchTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BatchTooLarge(int events) {
        super("A batch of " + events + " events is too large: " + Ledger.MAX_EVENTS_PER_BATCH + " events and "
                + Ledger.MAX_BATCH_SIZE_BYTES + " bytes of JSON are the most");
    }
}
