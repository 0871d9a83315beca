package io.orderledger.handlers.requests;

import io.orderledger.ledger.EventTypes;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The messages that become events, with the names that they have on the bus and in the ledger: requests, which the API stores, and
 * reports of other services of the team.
 */
public enum RequestKind {
    /** {@code POST /orders}. */
    PLACEMENT("OrderPlacementRequested", EventTypes.ORDER_PLACED, 2, Sender.API),
    /** {@code PUT /orders/{orderId}/cancellation}. */
    CANCELLATION("OrderCancellationRequested", EventTypes.ORDER_CANCELLED, 1, Sender.API),
    /** A service made the order ready. */
    PREPARATION(EventTypes.ORDER_PREPARED, EventTypes.ORDER_PREPARED, 1, Sender.SERVICE),
    /** A service sent the order out. */
    DISPATCH(EventTypes.ORDER_DISPATCHED, EventTypes.ORDER_DISPATCHED, 1, Sender.SERVICE),
    /** A service handed the order over. */
    DELIVERY(EventTypes.ORDER_DELIVERED, EventTypes.ORDER_DELIVERED, 1, Sender.SERVICE);

    /** All that other services report. */
    public static final Set<RequestKind> REPORTS =
            Arrays.stream(values()).filter(RequestKind::isReport).collect(Collectors.toUnmodifiableSet());

    private enum Sender {
        API,
        SERVICE
    }

    private final String detailType;
    private final String eventType;
    private final int newestSchemaVersion;
    private final Sender sender;

    RequestKind(String detailType, String eventType, int newestSchemaVersion, Sender sender) {
        this.detailType = detailType;
        this.eventType = eventType;
        this.newestSchemaVersion = newestSchemaVersion;
        this.sender = sender;
    }

    /** The message's {@code detail-type}: that something was asked for, or happened elsewhere. */
    String detailType() {
        return detailType;
    }

    /** The event's type: that it happened. */
    String eventType() {
        return eventType;
    }

    /**
     * The newest schema version of the message and its event, which share their numbers. Messages of every version from 1 on are read:
     * one that was stored before a deployment may come after it.
     */
    int newestSchemaVersion() {
        return newestSchemaVersion;
    }

    /** Whether it comes from another service, and not from the API. */
    boolean isReport() {
        return sender == Sender.SERVICE;
    }
}
