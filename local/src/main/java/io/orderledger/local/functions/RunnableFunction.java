package io.orderledger.local.functions;

import io.orderledger.local.definitions.FunctionDefinition;

/** A function that can be run: {@link Function} in this JVM as Lambda would, or whatever a simulation makes of it. Thread-safe. */
public interface RunnableFunction {

    FunctionDefinition definition();

    /**
     * Runs one invocation.
     *
     * @param invokedArn the function as it was called, with or without its alias
     * @param event the JSON it gets, byte for byte
     * @throws FunctionUnavailable where it was not run: as many invocations run as may run at once, or the event is too large
     */
    InvocationResult invoke(String invokedArn, String requestId, byte[] event);
}
