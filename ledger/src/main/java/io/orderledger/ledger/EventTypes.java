package io.orderledger.ledger;

/** Types of events, as {@link NewEvent#type} and {@link RecordedEvent#type} name them. */
public final class EventTypes {
    /** An order was placed. Payload: customer ID, currency and items. */
    public static final String ORDER_PLACED = "OrderPlaced";

    /** An order was cancelled. Its payload is empty; the reason is personal data. */
    public static final String ORDER_CANCELLED = "OrderCancelled";

    /** An order was made ready. Its payload is empty, as that of the two that follow. */
    public static final String ORDER_PREPARED = "OrderPrepared";

    /** An order left the house: what occurs after it cannot cancel the order any more. */
    public static final String ORDER_DISPATCHED = "OrderDispatched";

    /** An order reached its customer; so it had been dispatched, too. */
    public static final String ORDER_DELIVERED = "OrderDelivered";

    /**
     * Personal data of the order's earlier events, up to the time that this one occurred at, was erased. Payload: of how many events.
     * No request leads to it; {@link Erasure} appends it.
     */
    public static final String PERSONAL_DATA_ERASED = "PersonalDataErased";

    private EventTypes() {}
}
