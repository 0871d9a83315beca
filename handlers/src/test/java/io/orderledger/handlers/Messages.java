package io.orderledger.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** Messages as AWS and the API's integrations send them. */
public final class Messages {
    public static final JsonMapper JSON = new JsonMapper();

    /** When the requests of {@link #placement} and {@link #cancellation} were received. */
    public static final long REQUESTED_AT = 1_795_373_028_123L;

    private Messages() {}

    /** A new copy of a file of {@code resources/aws}. */
    public static ObjectNode resource(String name) {
        try (InputStream file = Objects.requireNonNull(Messages.class.getResourceAsStream("/aws/" + name))) {
            return JSON.readValue(file, ObjectNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ObjectNode json(String text) {
        try {
            return JSON.readValue(text, ObjectNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body of an order with every field. */
    public static ObjectNode order() {
        return json("""
                {"customer":{"id":"lee","name":"Lee O'Brien","phone":"+44 20 7946 0000","email":"lee@example.com"},
                 "deliveryAddress":{"line1":"1 High Street","line2":"Flat 2","city":"Leeds","region":"West Yorkshire",
                   "postalCode":"LS1 1AA","country":"GB"},
                 "channel":"APP","currency":"GBP",
                 "items":[{"sku":"margherita","name":"Margherita","quantity":2,"unitPrice":950},
                   {"sku":"cola","quantity":1,"unitPrice":0}],
                 "notes":"ring twice"}""");
    }

    /** The event that the rule gives to create-order, for a request with an Idempotency-Key. */
    public static ObjectNode placement(UUID eventId, JsonNode body) {
        ObjectNode event = resource("eventbridge-event.json");
        event.set("detail", detail("POST /orders", 2, body).put("eventId", eventId.toString()));
        return event;
    }

    /** The same for a request without a key: EventBridge's ID of the event is all there is. */
    public static ObjectNode keylessPlacement(UUID envelopeId, JsonNode body) {
        ObjectNode event = resource("eventbridge-event.json").put("id", envelopeId.toString());
        event.set("detail", detail("POST /orders", 2, body));
        return event;
    }

    /** What the workflow gives to cancel-order. */
    public static ObjectNode cancellation(UUID eventId, UUID orderId, String body) {
        ObjectNode message = JSON.createObjectNode()
                .put("source", "order-ledger.api")
                .put("detail-type", "OrderCancellationRequested");
        message.set(
                "detail",
                detail("PUT /orders/{orderId}/cancellation", 1, json(body))
                        .put("eventId", eventId.toString())
                        .put("orderId", orderId.toString()));
        return message;
    }

    /** The event that the rule gives to record-progress. */
    public static ObjectNode report(String detailType, UUID eventId, UUID orderId, Instant occurredAt) {
        ObjectNode event = resource("eventbridge-event.json")
                .put("source", "orders.fulfilment")
                .put("detail-type", detailType);
        event.putObject("detail")
                .put("eventId", eventId.toString())
                .put("orderId", orderId.toString())
                .put("occurredAt", occurredAt.toString());
        return event;
    }

    /** The same event as an archive delivers it again. */
    public static ObjectNode replayed(ObjectNode event, String replayName) {
        return event.deepCopy().put("replay-name", replayName);
    }

    private static ObjectNode detail(String path, int schemaVersion, JsonNode body) {
        ObjectNode detail = JSON.createObjectNode()
                .put("schemaVersion", schemaVersion)
                .put("requestedAt", REQUESTED_AT)
                .put("requestId", "JJbxmplHYosFVYQ=")
                .put("principal", "arn:aws:iam::111122223333:user/shop")
                .put("path", path);
        detail.set("data", body);
        return detail;
    }
}
