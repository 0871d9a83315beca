package io.orderledger.handlers.requests;

import io.orderledger.ledger.NewEvent;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What came of reading a request message. */
sealed interface Reading {
    /** The message keeps every rule. */
    record Valid(NewEvent event) implements Reading {}

    /**
     * The message breaks rules, and always will.
     *
     * @param eventId the event that it would have become, where it can be told
     * @param orderId the order, where it can be told
     * @param problems at least one
     */
    record Invalid(Optional<UUID> eventId, Optional<UUID> orderId, List<Problem> problems) implements Reading {}
}
