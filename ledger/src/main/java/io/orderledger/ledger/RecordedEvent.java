package io.orderledger.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * An event as the ledger holds it. A value: no caller should change its JSON.
 *
 * @param position where the row was allocated; neither the order of commits nor without gaps
 * @param block height of the block that the event was sealed in; empty until then
 * @param eventId identity of the event
 * @param streamId the order
 * @param version number among the events of the stream, from 1, without gaps
 * @param type what happened
 * @param schemaVersion version of the payload's form
 * @param payload what happened, without personal data
 * @param personalData names, addresses, notes and who asked; empty if none came or it was erased
 * @param metadata how the event came here
 * @param occurredAt when the request was received
 * @param recordedAt when the event was appended
 * @param digest of everything above but the block, and of the stream's previous event's digest; personal data counts by a digest
 */
public record RecordedEvent(
        long position,
        OptionalLong block,
        UUID eventId,
        UUID streamId,
        int version,
        String type,
        short schemaVersion,
        ObjectNode payload,
        Optional<ObjectNode> personalData,
        ObjectNode metadata,
        Instant occurredAt,
        Instant recordedAt,
        Digest digest) {
    /** Names the event and nothing of its content, which must not get into logs. */
    @Override
    public String toString() {
        return "RecordedEvent[" + type + " " + eventId + ", version " + version + " of order " + streamId + "]";
    }
}
