package io.orderledger.ledger.proof;

import java.util.UUID;

/** There is no proof of an event, or none yet; the message says which, and what to do. */
public final class NotProvable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UUID eventId;

    NotProvable(UUID eventId, String reason) {
        super("event " + eventId + " " + reason);
        this.eventId = eventId;
    }

    /** The event that was asked for. */
    public UUID eventId() {
        return eventId;
    }
}
