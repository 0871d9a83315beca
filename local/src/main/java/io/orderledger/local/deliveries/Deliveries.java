package io.orderledger.local.deliveries;

import java.util.List;

/** Deliveries that wait for their next attempt: {@link DeliveryQueue} on disk, or whatever a simulation makes of it. Thread-safe. */
public interface Deliveries extends AutoCloseable {

    /** Begins to attempt, what was accepted before first. Called once. */
    void start(Attempt how);

    /** How many deliveries wait or are being attempted. */
    int size();

    /**
     * Accepts deliveries; when it returns, each is attempted until its owner says it is done.
     *
     * @throws DeliveryQueueFull where they would exceed the maximum: nothing was accepted
     */
    void add(List<Delivery> deliveries);

    /** Takes no further attempt. */
    @Override
    void close();
}
