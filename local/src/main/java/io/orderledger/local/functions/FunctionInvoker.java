package io.orderledger.local.functions;

/** How the other services invoke functions. Thread-safe. */
public interface FunctionInvoker {

    /**
     * Runs a function and waits for its answer, at most for its timeout.
     *
     * @param functionArn the function, with or without its alias
     * @param event the JSON it gets, byte for byte
     * @throws FunctionUnavailable where it could not be run at all
     */
    InvocationResult invoke(String functionArn, byte[] event);

    /**
     * Stores an event for a function; when it returns, the event is on disk. It is delivered at least once, retried as the
     * function says, and then handed to the function's on-failure destination.
     *
     * @throws FunctionUnavailable where there is no such function, or too many events wait already; nothing was stored
     */
    void invokeAsync(String functionArn, byte[] event);
}
