package io.orderledger.handlers.requests;

import com.amazonaws.services.lambda.runtime.Context;
import io.orderledger.handlers.TraceId;
import java.util.Optional;

/**
 * How a message came to be handled now. No part of what it says, so the same message may come on several ways.
 *
 * @param path which function was given the message
 * @param traceId X-Ray's name for the request, where it was traced
 */
public record Delivery(String path, Optional<String> traceId) {
    /** Of the running invocation. */
    public static Delivery of(String path, Context context) {
        return new Delivery(path, TraceId.of(context));
    }
}
