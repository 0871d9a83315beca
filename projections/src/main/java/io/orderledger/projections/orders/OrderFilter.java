package io.orderledger.projections.orders;

import java.time.Instant;
import java.util.Optional;

/**
 * Which orders to list; what is empty does not restrict.
 *
 * @param placedFrom at this time or later
 * @param placedBefore before this time
 */
public record OrderFilter(
        Optional<OrderStatus> status,
        Optional<String> customerId,
        Optional<Instant> placedFrom,
        Optional<Instant> placedBefore) {
    /** All orders. */
    public static final OrderFilter NONE =
            new OrderFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
