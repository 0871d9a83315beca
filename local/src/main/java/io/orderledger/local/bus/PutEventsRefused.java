package io.orderledger.local.bus;

/** A PutEvents call that is refused as a whole, with EventBridge's HTTP status 400; nothing was stored. */
public final class PutEventsRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String errorCode;

    PutEventsRefused(String errorCode, String message) {
        super(message);
        this.errorCode = errorCode;
    }

    /** The name that EventBridge's API gives this error, for example {@code ValidationException}. */
    public String errorCode() {
        return errorCode;
    }
}
