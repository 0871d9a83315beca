package io.orderledger.local.deliveries;

import java.time.InstantSource;

/** Where queues of deliveries are kept. Thread-safe. */
@FunctionalInterface
public interface DeliveryStorage {

    /**
     * The queue of that name with everything that waits in it. Opened once.
     *
     * @param maximumWaiting how many deliveries it may hold
     * @param maximumAtOnce how many attempts run at once
     */
    Deliveries queue(String name, int maximumWaiting, int maximumAtOnce, InstantSource clock);
}
