package io.orderledger.ledger;

/** What became of one event of a batch that was appended with {@link OnRefusal#APPEND_THE_OTHERS}, or as a whole. */
public sealed interface BatchResult {
    /** The event is in the ledger now, exactly once; it is new, or was there before. */
    record Recorded(AppendResult result) implements BatchResult {}

    /**
     * The event is not in the ledger. The others of the batch are not touched by that.
     *
     * @param reason what {@link Ledger#append} would have thrown for this event
     */
    record Refused(AppendRefused reason) implements BatchResult {}
}
