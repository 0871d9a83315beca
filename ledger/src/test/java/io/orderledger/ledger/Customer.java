package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Somebody who places orders, under an ID and with personal data that nobody else has.
 *
 * @param id the pseudonym in the events' payload
 * @param secret a text that is in all personal data of the customer and nowhere else
 */
record Customer(String id, String secret) {
    static Customer anyone() {
        UUID random = UUID.randomUUID();
        return new Customer("customer-" + random, "secret " + random + " of Ünal O'Brien");
    }

    NewEvent places(UUID orderId, Instant occurredAt) {
        return new NewEvent(
                UUID.randomUUID(),
                orderId,
                EventTypes.ORDER_PLACED,
                (short) 1,
                json("{'customer':{'id':'%s'},'currency':'GBP','items':[{'sku':'m','quantity':2,'unitPrice':950}]}"
                        .formatted(id)),
                Optional.of(json("{}").put("notes", secret).put("principal", secret)),
                json("{'path':'POST /orders'}"),
                occurredAt);
    }

    NewEvent cancels(UUID orderId, Instant occurredAt) {
        return new NewEvent(
                UUID.randomUUID(),
                orderId,
                EventTypes.ORDER_CANCELLED,
                (short) 1,
                json("{}"),
                Optional.of(json("{}").put("reason", secret)),
                json("{}"),
                occurredAt);
    }

    /** A message that asks for an order, as it would be kept if it was refused. */
    RefusedMessage refusedPlacing(UUID orderId, Instant requestedAt) {
        return refused(orderId, """
                {"detail-type":"OrderPlacementRequested","detail":{"requestedAt":%d,"data":{"customer":{"id":"%s","name":"%s"}}}}""".formatted(requestedAt.toEpochMilli(), id, secret));
    }

    /** A message that asks for a cancellation, which does not say whose order it is. */
    RefusedMessage refusedCancellation(UUID orderId, Instant requestedAt) {
        return refused(orderId, """
                {"detail-type":"OrderCancellationRequested","detail":{"requestedAt":%d,"data":{"reason":"%s"}}}""".formatted(requestedAt.toEpochMilli(), secret));
    }

    RefusedMessage refused(UUID orderId, String message) {
        return new RefusedMessage(
                Optional.of(UUID.randomUUID()),
                Optional.of(orderId),
                RefusedMessage.Reason.INVALID,
                "unknown field " + secret,
                "POST /orders",
                message.getBytes(StandardCharsets.UTF_8));
    }
}
