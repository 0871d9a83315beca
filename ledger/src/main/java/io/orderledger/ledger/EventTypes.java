package io.orderledger.ledger;

/** Types of events, as {@link NewEvent#type} and {@link RecordedEvent#type} name them. */
public final class EventTypes {
    /** An order was placed. Payload: customer ID, currency and items. */
    public static final String ORDER_PLACED = "OrderPlaced";

    /** An order was cancelled. Its payload is empty; the reason is personal data. */
    public static final String ORDER_CANCELLED = "OrderCancelled";

    private EventTypes() {}
}
