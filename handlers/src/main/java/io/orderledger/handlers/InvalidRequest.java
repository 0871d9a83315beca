package io.orderledger.handlers;

/**
 * The request does not have the form that the API promises to record. Sending the same again fails again; the remedy is in the
 * message, which names the fields and never their values.
 *
 * <p>Lambda reports this class's full name as {@code errorType}; the cancellation workflow matches it.
 */
public final class InvalidRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param problems which fields do not fit, and the rule that each breaks */
    public InvalidRequest(String problems) {
        super("The request is not valid: " + problems);
    }
}
