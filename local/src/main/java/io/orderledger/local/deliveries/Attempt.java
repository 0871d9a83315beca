package io.orderledger.local.deliveries;

/**
 * One attempt to deliver, by the owner of a queue. Called on many threads at once. What it throws puts the delivery off by
 * {@link DeliveryQueue#UNEXPECTED_FAILURE_DELAY}, without counting.
 */
@FunctionalInterface
public interface Attempt {
    Outcome attempt(Delivery delivery) throws InterruptedException;
}
