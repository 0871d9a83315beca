package io.orderledger.ledger;

/**
 * An event of a batch was refused, so nothing of the batch was recorded. Take the event out, or do with it what its reason asks for, and
 * append the rest again.
 */
public final class BatchRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int index;
    private final AppendRefused reason;

    BatchRefused(int index, AppendRefused reason) {
        super(
                "Nothing of the batch was appended, because of the event at index " + index + ": "
                        + reason.getMessage(),
                reason);
        this.index = index;
        this.reason = reason;
    }

    /** Place in the batch of the first event that is refused, from 0. */
    public int index() {
        return index;
    }

    /** What {@link Ledger#append} would have thrown for that event. */
    public AppendRefused reason() {
        return reason;
    }
}
