package io.orderledger.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An event that is to be appended. A value: the JSON is copied on the way in, and no caller should change it afterwards.
 *
 * @param eventId identity of the event; whoever delivers it again delivers the same ID and the same content
 * @param streamId the order
 * @param type what happened, in the past tense
 * @param schemaVersion version of the payload's form, from 1
 * @param payload what happened, without personal data
 * @param personalData what can be erased later: names, addresses, notes, and under {@code principal} who asked
 * @param metadata how the event came here; does not count when contents are compared
 * @param occurredAt when the request was received; a time in the future is recorded as the time of the append
 */
public record NewEvent(
        UUID eventId,
        UUID streamId,
        String type,
        short schemaVersion,
        ObjectNode payload,
        Optional<ObjectNode> personalData,
        ObjectNode metadata,
        Instant occurredAt) {
    /** Requests are not older than this; earlier times come from a broken clock or a forged message. */
    public static final Instant EARLIEST = Instant.EPOCH;

    /** PostgreSQL's own limit is later; ISO 8601 with four digits ends here. */
    public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /**
     * Checks what every event must fulfil.
     *
     * @throws IllegalArgumentException if the type is empty, the schema version is less than 1, or the time is before {@link
     *     #EARLIEST} or after {@link #LATEST}
     * @throws UnstorableText if a text in it, or a field's name, holds U+0000 or half of a surrogate pair
     */
    public NewEvent {
        if (type.isEmpty()) {
            throw new IllegalArgumentException("Event " + eventId + " has no type");
        }
        if (schemaVersion < 1) {
            throw new IllegalArgumentException("Event " + eventId + " has schema version " + schemaVersion);
        }
        if (occurredAt.isBefore(EARLIEST) || occurredAt.isAfter(LATEST)) {
            throw new IllegalArgumentException("Event " + eventId + " occurred at an impossible time");
        }
        payload = payload.deepCopy();
        personalData = personalData.map(ObjectNode::deepCopy);
        metadata = metadata.deepCopy();
        if (!(StorableText.isStorable(type)
                && StorableText.isStorable(payload)
                && StorableText.isStorable(metadata)
                && personalData.map(StorableText::isStorable).orElse(true))) {
            throw new UnstorableText(eventId);
        }
    }

    /** Names the event and nothing of its content, which must not get into logs. */
    @Override
    public String toString() {
        return "NewEvent[" + type + " " + eventId + " of order " + streamId + "]";
    }
}
