package io.orderledger.handlers.requests;

import io.orderledger.ledger.RefusedMessage;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What became of a request message. In each case it is stored, and delivering it again changes nothing. */
public sealed interface Recorded {
    /** The event is in the ledger, and was not before. */
    record Appended(UUID eventId, UUID orderId) implements Recorded {}

    /** The event was in the ledger already, with the same content. */
    record Duplicate(UUID eventId, UUID orderId) implements Recorded {}

    /**
     * The message can never be recorded. It is kept among the refused messages, for somebody to look at.
     *
     * @param eventId the event that it would have become, where it can be told
     * @param problems the rules that it breaks; empty for a conflict
     */
    record Refused(RefusedMessage.Reason reason, Optional<UUID> eventId, List<Problem> problems) implements Recorded {}
}
