package io.orderledger.handlers.requests;

import com.amazonaws.services.lambda.runtime.Context;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a message came to be handled now. No part of what it says, so the same message may come on several ways.
 *
 * @param path which function was given the message
 * @param traceId X-Ray's name for the request, where it was traced
 */
public record Delivery(String path, Optional<String> traceId) {
    /** Other parts of the header say who the parent is and whether the trace is kept; they do not belong to the request. */
    private static final Pattern ROOT = Pattern.compile("(?:^|;)Root=([0-9A-Za-z-]{1,64})(?:;|$)");

    /** Of the running invocation. */
    public static Delivery of(String path, Context context) {
        return new Delivery(path, Optional.ofNullable(context.getXrayTraceId()).flatMap(Delivery::root));
    }

    private static Optional<String> root(String header) {
        Matcher matcher = ROOT.matcher(header);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
