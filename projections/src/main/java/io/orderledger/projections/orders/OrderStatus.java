package io.orderledger.projections.orders;

/** Where an order stands. */
public enum OrderStatus {
    PLACED,
    PREPARED,
    DISPATCHED,
    DELIVERED,
    CANCELLED
}
