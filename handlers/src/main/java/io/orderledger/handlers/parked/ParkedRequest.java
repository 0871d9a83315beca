package io.orderledger.handlers.parked;

import io.orderledger.ledger.parked.MessageId;
import io.orderledger.ledger.parked.ParkedQuery;
import java.util.List;
import java.util.Optional;

/** What the function that manages parked messages is asked for. */
sealed interface ParkedRequest {
    /** How many messages are meant, by reason and state. */
    record Count(ParkedQuery query) implements ParkedRequest {}

    /** A page of them, without content. */
    record Page(ParkedQuery query, Optional<MessageId> after, int limit) implements ParkedRequest {}

    /**
     * One of them, with its content.
     *
     * @param id or the beginning of one
     * @param personalData as it came; otherwise what may be somebody's is withheld
     */
    record Show(String id, boolean personalData) implements ParkedRequest {}

    /** Try again. */
    record Replay(List<MessageId> ids, Why why) implements ParkedRequest {}

    /** Not wanted. */
    record Drop(List<MessageId> ids, Why why) implements ParkedRequest {}

    /**
     * What is written down with an action, for ever.
     *
     * @param actor who
     * @param reason why
     */
    record Why(String actor, String reason) {}
}
