package io.orderledger.ledger;

/**
 * How much an {@link Erasure} has erased. What was erased before does not count again.
 *
 * @param orders in whose streams an event says so now
 * @param events whose personal data is gone
 * @param messages refused messages of which nothing is left but that they were refused
 */
public record Erased(long orders, long events, long messages) {
    static final Erased NOTHING = new Erased(0, 0, 0);

    Erased plus(long moreOrders, long moreEvents, long moreMessages) {
        return new Erased(orders + moreOrders, events + moreEvents, messages + moreMessages);
    }
}
