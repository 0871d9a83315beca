package io.orderledger.ledger.publication;

import java.time.Instant;
import java.util.UUID;

/**
 * An event as it is announced: nothing here is personal.
 *
 * @param eventId identity of the event
 * @param orderId the order
 * @param type what happened
 * @param schemaVersion version of the payload's form
 * @param version number among the events of the order
 * @param position where the row was allocated
 * @param block height of the block that the event was sealed in
 * @param payload what happened, as JSON, in the form in which it was recorded
 * @param occurredAt when the request was received
 * @param recordedAt when the event was appended
 * @param place how far everything is announced once this event is
 */
public record SealedEvent(
        UUID eventId,
        UUID orderId,
        String type,
        short schemaVersion,
        int version,
        long position,
        long block,
        String payload,
        Instant occurredAt,
        Instant recordedAt,
        Place place) {
    /** Names the event and nothing of its content, which must not get into logs. */
    @Override
    public String toString() {
        return "SealedEvent[" + type + " " + eventId + ", version " + version + " of order " + orderId + ", block "
                + block + "]";
    }
}
