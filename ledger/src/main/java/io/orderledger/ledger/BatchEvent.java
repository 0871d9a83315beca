package io.orderledger.ledger;

/**
 * An event of a batch.
 *
 * @param expected what has to be true of the event's stream, once the earlier events of the batch are in it
 */
public record BatchEvent(NewEvent event, ExpectedVersion expected) {}
