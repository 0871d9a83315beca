package io.orderledger.handlers.requests;

import io.orderledger.ledger.EventTypes;

/** The requests that are stored as messages, with the names that they have on the bus and in the ledger. */
public enum RequestKind {
    /** {@code POST /orders}. */
    PLACEMENT("OrderPlacementRequested", EventTypes.ORDER_PLACED, 2),
    /** {@code PUT /orders/{orderId}/cancellation}. */
    CANCELLATION("OrderCancellationRequested", EventTypes.ORDER_CANCELLED, 1);

    private final String detailType;
    private final String eventType;
    private final int newestSchemaVersion;

    RequestKind(String detailType, String eventType, int newestSchemaVersion) {
        this.detailType = detailType;
        this.eventType = eventType;
        this.newestSchemaVersion = newestSchemaVersion;
    }

    /** The message's {@code detail-type}: that something was asked for. */
    String detailType() {
        return detailType;
    }

    /** The event's type: that it happened. */
    String eventType() {
        return eventType;
    }

    /**
     * The newest schema version of the request and its event, which share their numbers. Requests of every version from 1 on are read:
     * one that was stored before a deployment may come after it.
     */
    int newestSchemaVersion() {
        return newestSchemaVersion;
    }
}
