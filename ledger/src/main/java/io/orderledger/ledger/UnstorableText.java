package io.orderledger.ledger;

import java.util.UUID;

/**
 * A text of the event holds U+0000 or half of a surrogate pair, which PostgreSQL cannot store. The message can never be recorded:
 * keep it with {@link Ledger#refuse} and do not deliver it again.
 */
public final class UnstorableText extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UUID eventId;

    UnstorableText(UUID eventId) {
        super("Event " + eventId + " holds a text with U+0000 or half of a surrogate pair");
        this.eventId = eventId;
    }

    public UUID eventId() {
        return eventId;
    }
}
