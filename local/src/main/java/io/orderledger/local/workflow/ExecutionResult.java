package io.orderledger.local.workflow;

import java.util.Optional;

/** How an execution ended. */
public sealed interface ExecutionResult {

    /** It reached its end; the output is JSON text. */
    record Succeeded(String output) implements ExecutionResult {}

    /** It failed with an error that nothing caught. */
    record Failed(Optional<String> error, Optional<String> cause) implements ExecutionResult {}

    /** It took longer than the workflow may. */
    record TimedOut() implements ExecutionResult {}
}
