package io.orderledger.ledger;

/** What becomes of a batch in which an event is refused. */
public enum OnRefusal {
    /** Nothing of the batch is recorded, and the call fails with {@link BatchRefused}. */
    APPEND_NOTHING,
    /** Every other event is recorded, and the result names the refused ones. */
    APPEND_THE_OTHERS
}
