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

    /** Whether an order is one to list. */
    boolean admits(ListedOrder order) {
        return status.map(order.status()::equals).orElse(true)
                && customerId.map(order.customerId()::equals).orElse(true)
                && placedFrom.map(from -> !order.placedAt().isBefore(from)).orElse(true)
                && placedBefore.map(order.placedAt()::isBefore).orElse(true);
    }
}
