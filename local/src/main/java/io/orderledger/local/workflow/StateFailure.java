package io.orderledger.local.workflow;

/** An error by its States Language name, on its way to a Retry, a Catch, or the end of the execution. */
final class StateFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final String TIMEOUT = "States.Timeout";
    static final String RUNTIME = "States.Runtime";
    static final String DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";
    static final String INTRINSIC_FAILURE = "States.IntrinsicFailure";
    static final String RESULT_PATH_MATCH_FAILURE = "States.ResultPathMatchFailure";
    static final String NO_CHOICE_MATCHED = "States.NoChoiceMatched";

    private final String error;
    private final String cause;

    /**
     * @param cause the text of the error's Cause; empty where it has none. May hold what the caller sent: never logged
     */
    StateFailure(String error, String cause) {
        super(error, null, false, false); // travels within the interpreter; its stack trace would say nothing
        this.error = error;
        this.cause = cause;
    }

    String error() {
        return error;
    }

    /** The error's Cause; not a Java cause. */
    String causeText() {
        return cause;
    }
}
