package io.orderledger.ledger.parked;

import io.orderledger.ledger.RefusedMessage;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A parked message without its content.
 *
 * @param eventId the event that it would have become, where it can be told
 * @param orderId the order, where it can be told
 * @param detail what is wrong with it, without values; empty once the message is erased
 * @param path how it came in
 * @param requestedAt when the API received the request, where the message says so
 * @param erasedAt since when its content is gone; empty while it is there
 */
public record ParkedMessage(
        MessageId id,
        Optional<UUID> eventId,
        Optional<UUID> orderId,
        RefusedMessage.Reason reason,
        String detail,
        String path,
        Optional<Instant> requestedAt,
        Instant refusedAt,
        Optional<Instant> erasedAt,
        ParkedState state) {}
