package io.orderledger.local.workflow;

import java.util.List;

/** Which errors an {@code ErrorEquals} means. */
final class ErrorMatch {

    private static final String ALL = "States.ALL";
    private static final String TASK_FAILED = "States.TaskFailed";

    private ErrorMatch() {}

    /**
     * States.Runtime always fails the execution, and the wildcards leave States.DataLimitExceeded out; by its own name that
     * one can be caught. States.TaskFailed is everything but a timeout.
     */
    static boolean matches(List<String> names, String error) {
        if (error.equals(StateFailure.RUNTIME)) {
            return false;
        }
        if (names.contains(error)) {
            return true;
        }
        if (error.equals(StateFailure.DATA_LIMIT_EXCEEDED)) {
            return false;
        }
        return names.contains(ALL) || (names.contains(TASK_FAILED) && !error.equals(StateFailure.TIMEOUT));
    }
}
