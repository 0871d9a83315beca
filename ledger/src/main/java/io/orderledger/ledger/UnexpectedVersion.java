package io.orderledger.ledger;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The stream is not where the append expected it. Nothing was written: read the stream again and decide anew. */
public final class UnexpectedVersion extends AppendRefused {
    private static final long serialVersionUID = 1L;

    private final UUID streamId;
    private final transient ExpectedVersion expected;
    private final int actual;

    UnexpectedVersion(UUID streamId, ExpectedVersion expected, int actual, @Nullable DatabaseFailure cause) {
        super("Order " + streamId + " is at version " + actual + ", expected " + expected, cause);
        this.streamId = streamId;
        this.expected = expected;
        this.actual = actual;
    }

    public UUID streamId() {
        return streamId;
    }

    public ExpectedVersion expected() {
        return expected;
    }

    /** Version of the stream's newest event at that moment; 0 if it had none. */
    public int actual() {
        return actual;
    }
}
