package io.orderledger.ledger;

import java.util.Optional;
import java.util.UUID;

/** A message that can never become an event, or failed too often on its way, with what is known of it. Immutable. */
public final class RefusedMessage {
    /** Why a message is refused. */
    public enum Reason {
        /** Its event ID is recorded with other content. */
        CONFLICT,
        /** It is not what any handler accepts. */
        INVALID,
        /** It failed again and again while others did not, for no reason that passes by itself. */
        FAILED
    }

    private final Optional<UUID> eventId;
    private final Optional<UUID> streamId;
    private final Reason reason;
    private final String detail;
    private final String path;
    private final byte[] message;

    /**
     * @param eventId the event that it would have become, where it can be told
     * @param streamId the order, where it can be told
     * @param detail which field is wrong and how, without its value
     * @param path how the message came in
     * @param message the message as it came, byte for byte
     */
    public RefusedMessage(
            Optional<UUID> eventId,
            Optional<UUID> streamId,
            Reason reason,
            String detail,
            String path,
            byte[] message) {
        this.eventId = eventId;
        this.streamId = streamId;
        this.reason = reason;
        this.detail = detail;
        this.path = path;
        this.message = message.clone();
    }

    Optional<UUID> eventId() {
        return eventId;
    }

    Optional<UUID> streamId() {
        return streamId;
    }

    Reason reason() {
        return reason;
    }

    String detail() {
        return detail;
    }

    String path() {
        return path;
    }

    byte[] message() {
        return message.clone();
    }
}
