package io.orderledger.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Events that differ from a plain one in what a test is about. */
final class TestEvents {
    static final ExpectedVersion ANY = new ExpectedVersion.Any();
    static final ExpectedVersion NO_STREAM = new ExpectedVersion.NoStream();
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private static final JsonMapper JSON = new JsonMapper();

    private TestEvents() {}

    static NewEvent placing() {
        return placingOf(UUID.randomUUID());
    }

    static NewEvent placingOf(UUID orderId) {
        return new NewEvent(
                UUID.randomUUID(),
                orderId,
                EventTypes.ORDER_PLACED,
                (short) 1,
                json("{'customer':{'id':'lee'},'currency':'GBP','items':[{'sku':'m','quantity':2,'unitPrice':950}]}"),
                Optional.of(json("{'principal':'till-1','customer':{'name':'Lee O’Brien'},'notes':'ring twice'}")),
                json("{'requestId':'r-1','path':'POST /orders'}"),
                NOON);
    }

    static NewEvent cancellationOf(UUID orderId) {
        return new NewEvent(
                UUID.randomUUID(),
                orderId,
                EventTypes.ORDER_CANCELLED,
                (short) 1,
                json("{}"),
                Optional.empty(),
                json("{}"),
                NOON);
    }

    static NewEvent withStream(NewEvent event, UUID streamId) {
        return new NewEvent(
                event.eventId(),
                streamId,
                event.type(),
                event.schemaVersion(),
                event.payload(),
                event.personalData(),
                event.metadata(),
                event.occurredAt());
    }

    static NewEvent withType(NewEvent event, String type) {
        return new NewEvent(
                event.eventId(),
                event.streamId(),
                type,
                event.schemaVersion(),
                event.payload(),
                event.personalData(),
                event.metadata(),
                event.occurredAt());
    }

    static NewEvent withSchemaVersion(NewEvent event, int schemaVersion) {
        return new NewEvent(
                event.eventId(),
                event.streamId(),
                event.type(),
                (short) schemaVersion,
                event.payload(),
                event.personalData(),
                event.metadata(),
                event.occurredAt());
    }

    static NewEvent withPayload(NewEvent event, ObjectNode payload) {
        return new NewEvent(
                event.eventId(),
                event.streamId(),
                event.type(),
                event.schemaVersion(),
                payload,
                event.personalData(),
                event.metadata(),
                event.occurredAt());
    }

    static NewEvent withPersonalData(NewEvent event, Optional<ObjectNode> personalData) {
        return new NewEvent(
                event.eventId(),
                event.streamId(),
                event.type(),
                event.schemaVersion(),
                event.payload(),
                personalData,
                event.metadata(),
                event.occurredAt());
    }

    static NewEvent withMetadata(NewEvent event, ObjectNode metadata) {
        return new NewEvent(
                event.eventId(),
                event.streamId(),
                event.type(),
                event.schemaVersion(),
                event.payload(),
                event.personalData(),
                metadata,
                event.occurredAt());
    }

    static NewEvent withOccurredAt(NewEvent event, Instant occurredAt) {
        return new NewEvent(
                event.eventId(),
                event.streamId(),
                event.type(),
                event.schemaVersion(),
                event.payload(),
                event.personalData(),
                event.metadata(),
                occurredAt);
    }

    /** JSON with apostrophes in the place of quotation marks. */
    static ObjectNode json(String text) {
        try {
            return JSON.readValue(text.replace('\'', '"'), ObjectNode.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
