package io.orderledger.local.workflow;

/** A StartSyncExecution call that is refused with Step Functions' HTTP status 400; nothing was run. */
public final class ExecutionRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String errorCode;

    ExecutionRefused(String errorCode, String message) {
        super(message);
        this.errorCode = errorCode;
    }

    /** The name that Step Functions' API gives this error, for example {@code StateMachineDoesNotExist}. */
    public String errorCode() {
        return errorCode;
    }
}
