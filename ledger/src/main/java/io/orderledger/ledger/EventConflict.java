package io.orderledger.ledger;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The event ID belongs to an event with other content: another stream, type, schema version, payload or personal data. What is
 * recorded stays. The message can never be recorded under this ID: keep it with {@link Ledger#refuse} and do not deliver it again.
 */
public final class EventConflict extends AppendRefused {
    private static final long serialVersionUID = 1L;

    private final UUID eventId;
    private final UUID streamId;

    EventConflict(NewEvent refused, @Nullable DatabaseFailure cause) {
        super(
                "Event " + refused.eventId() + " for order " + refused.streamId() + " is recorded with other content",
                cause);
        this.eventId = refused.eventId();
        this.streamId = refused.streamId();
    }

    public UUID eventId() {
        return eventId;
    }

    /** The stream that the refused event was for, not the one of the recorded event. */
    public UUID streamId() {
        return streamId;
    }
}
