package io.orderledger.handlers;

import java.util.UUID;

/**
 * The event ID is taken by a request with other content. Sending the same again fails again; the remedy is a new event ID, if both
 * requests were meant.
 *
 * <p>Lambda reports this class's full name as {@code errorType}; the cancellation workflow matches it.
 */
public final class RequestConflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UUID eventId;

    public RequestConflict(UUID eventId) {
        super("Event " + eventId + " is recorded with other content");
        this.eventId = eventId;
    }

    /** The event ID that was used for two different requests. */
    public UUID eventId() {
        return eventId;
    }
}
