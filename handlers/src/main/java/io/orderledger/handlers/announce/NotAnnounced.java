package io.orderledger.handlers.announce;

import java.util.UUID;

/**
 * EventBridge did not take an event, however often it was sent. Nothing after it is announced of its order, and the next run begins with it:
 * no event is skipped. Remove the cause; the code says what it is.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html">The codes</a>
 */
public final class NotAnnounced extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UUID eventId;
    private final String errorCode;
    private final int accepted;

    NotAnnounced(UUID eventId, String errorCode, int accepted) {
        super("EventBridge does not take event " + eventId + ": " + errorCode);
        this.eventId = eventId;
        this.errorCode = errorCode;
        this.accepted = accepted;
    }

    /** The first event that it did not take. */
    public UUID eventId() {
        return eventId;
    }

    /** What EventBridge calls the cause. */
    public String errorCode() {
        return errorCode;
    }

    /** How many entries of the call before that one were taken. */
    int accepted() {
        return accepted;
    }
}
