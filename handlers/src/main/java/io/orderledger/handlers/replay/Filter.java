package io.orderledger.handlers.replay;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which dead-lettered messages are meant. What is left empty admits everything.
 *
 * @param queues names of queues
 * @param reasons kinds, as {@link FailureReason#text} writes them, and codes, as AWS writes them
 * @param since the request came then or later; a message that does not say when is of no time
 * @param until the request came before
 */
record Filter(Set<String> queues, Set<String> reasons, Optional<Instant> since, Optional<Instant> until) {
    static final Filter EVERYTHING = new Filter(Set.of(), Set.of(), Optional.empty(), Optional.empty());

    Filter {
        queues = Set.copyOf(queues);
        reasons = Set.copyOf(reasons);
    }

    boolean admits(Queue queue) {
        return queues.isEmpty() || queues.contains(queue.name());
    }

    boolean admits(Letter letter) {
        return (reasons.isEmpty() || reasons.contains(letter.reason().text()) || reasons.contains(letter.code()))
                && since.map(from -> letter.requestedAt()
                                .filter(time -> !time.isBefore(from))
                                .isPresent())
                        .orElse(true)
                && until.map(end -> letter.requestedAt()
                                .filter(time -> time.isBefore(end))
                                .isPresent())
                        .orElse(true);
    }

    /** Whether every message of an admitted queue is meant: then none has to be looked into. */
    boolean admitsEveryLetter() {
        return reasons.isEmpty() && since.isEmpty() && until.isEmpty();
    }
}
