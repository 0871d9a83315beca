package io.orderledger.benchmarks.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.NewEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An event that is to be appended, whoever appends it.
 *
 * @param eventId its identity
 * @param streamId the order
 * @param version its number in the order, from 1, for those who want to be told
 * @param content what it says
 * @param occurredAt when it happened
 */
public record OrderEvent(UUID eventId, UUID streamId, int version, Content content, Instant occurredAt) {

    /**
     * What events say. Many events share one content: what is measured is storing, not writing JSON.
     *
     * @param type what happened
     * @param payload without personal data, as the ledger stores it
     * @param personalData what the ledger stores beside it; nobody else gets it
     * @param metadata how it came
     * @param payloadText the payload as JSON text
     * @param metadataText the metadata as JSON text
     */
    public record Content(
            String type,
            ObjectNode payload,
            Optional<ObjectNode> personalData,
            ObjectNode metadata,
            String payloadText,
            String metadataText) {}

    /** The event as the ledger takes it. */
    public NewEvent toNewEvent(boolean withPersonalData) {
        return new NewEvent(
                eventId,
                streamId,
                content.type(),
                (short) 1,
                content.payload(),
                withPersonalData ? content.personalData() : Optional.empty(),
                content.metadata(),
                occurredAt);
    }
}
