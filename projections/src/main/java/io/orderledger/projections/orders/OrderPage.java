package io.orderledger.projections.orders;

import java.util.List;
import java.util.Optional;

/**
 * Some orders, newest first.
 *
 * @param next where the next page begins; empty when this is the last one
 */
public record OrderPage(List<ListedOrder> orders, Optional<OrderCursor> next) {
    public OrderPage {
        orders = List.copyOf(orders);
    }
}
