package io.orderledger.ledger.parked;

import java.time.Instant;

/**
 * What somebody did with a parked message.
 *
 * @param detail what came of it, without values
 * @param actor who says that he did it
 * @param reason why, in his words
 */
public record ParkedAction(ParkedOutcome outcome, String detail, String actor, String reason, Instant actedAt) {}
