package io.orderledger.local.functions;

/**
 * A function could not be run. Retrying helps only against {@link Reason#THROTTLED}; the other reasons are faults of the
 * definitions or of the request.
 */
public final class FunctionUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why, with the name of Lambda's exception. */
    public enum Reason {
        NO_FUNCTION("ResourceNotFoundException"),
        NO_PERMISSION("AccessDeniedException"),
        THROTTLED("TooManyRequestsException"),
        REQUEST_TOO_LARGE("RequestTooLargeException");

        private final String errorCode;

        Reason(String errorCode) {
            this.errorCode = errorCode;
        }

        /** The name that Lambda's API gives this error. */
        public String errorCode() {
            return errorCode;
        }
    }

    private final Reason reason;
    private final String functionArn;

    public FunctionUnavailable(Reason reason, String functionArn, String explanation) {
        super(functionArn + " was not run: " + explanation);
        this.reason = reason;
        this.functionArn = functionArn;
    }

    public Reason reason() {
        return reason;
    }

    public String functionArn() {
        return functionArn;
    }
}
