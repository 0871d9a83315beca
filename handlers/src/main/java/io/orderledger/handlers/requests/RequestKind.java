package io.orderledger.handlers.requests;

import io.orderledger.ledger.EventTypes;

/** The requests that are stored as messages, with the names that they have on the bus and in the ledger. */
public enum RequestKind {
    /** {@code POST /orders}. */
    PLACEMENT("OrderPlacementRequested", EventTypes.ORDER_PLACED),
    /** {@code PUT /orders/{orderId}/cancellation}. */
    CANCELLATION("OrderCancellationRequested", EventTypes.ORDER_CANCELLED);

    private final String detailType;
    private final String eventType;

    RequestKind(String detailType, String eventType) {
        this.detailType = detailType;
        this.eventType = eventType;
    }

    /** The message's {@code detail-type}: that something was asked for. */
    String detailType() {
        return detailType;
    }

    /** The event's type: that it happened. */
    String eventType() {
        return eventType;
    }
}
