package io.orderledger.local.functions;

/** What a function that was run answered. */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way through; compared by nobody
public sealed interface InvocationResult {

    /** The handler returned. */
    record Success(byte[] payload) implements InvocationResult {}

    /**
     * The handler threw, or ran out of time.
     *
     * @param errorPayload Lambda's error document: {@code errorMessage}, {@code errorType} and mostly {@code stackTrace}
     */
    record Failure(byte[] errorPayload) implements InvocationResult {}
}
