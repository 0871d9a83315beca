package io.orderledger.handlers.logging;

import com.amazonaws.services.lambda.runtime.Context;
import org.slf4j.MDC;

/** What the lines of one invocation have in common. */
public final class RequestLog {
    /** Lambda's ID of the invocation, which its own lines have too. */
    static final String REQUEST_ID = "requestId";

    private RequestLog() {}

    /** To be called as an invocation begins: what this thread logs from now on is of this invocation. */
    public static void begin(Context context) {
        MDC.put(REQUEST_ID, context.getAwsRequestId());
    }
}
