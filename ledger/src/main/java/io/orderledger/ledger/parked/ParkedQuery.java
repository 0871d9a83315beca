package io.orderledger.ledger.parked;

import io.orderledger.ledger.RefusedMessage;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which parked messages are meant. An empty set admits all of its kind.
 *
 * @param since the request came then or later; of a message that does not say, the time at which it was refused counts
 * @param until the request came before
 */
public record ParkedQuery(
        Set<RefusedMessage.Reason> reasons, Set<ParkedState> states, Optional<Instant> since, Optional<Instant> until) {
    public ParkedQuery {
        reasons = Set.copyOf(reasons);
        states = Set.copyOf(states);
    }
}
