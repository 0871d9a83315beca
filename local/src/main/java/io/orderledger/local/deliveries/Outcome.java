package io.orderledger.local.deliveries;

import java.time.Duration;

/** What is to become of a delivery after an attempt. */
public sealed interface Outcome {

    /** It arrived, or was handed over to a dead-letter queue: the store forgets it. */
    record Done() implements Outcome {}

    /** It is attempted again after {@code delay}, in the state that {@code next} has. */
    record Again(Delivery next, Duration delay) implements Outcome {}

    Outcome DONE = new Done();
}
