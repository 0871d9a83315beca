package io.orderledger.handlers.logging;

import com.amazonaws.services.lambda.runtime.Context;
import io.orderledger.handlers.TraceId;
import org.slf4j.MDC;

/** What the lines of one invocation have in common. */
public final class RequestLog {
    /** Lambda's ID of the invocation, which its own lines have too. */
    static final String REQUEST_ID = "requestId";

    /** X-Ray's ID of the trace, as it is in the event's metadata and in the API's access log; no field where nothing is traced. */
    static final String TRACE_ID = "traceId";

    private RequestLog() {}

    /** To be called as an invocation begins: what this thread logs from now on is of this invocation. */
    public static void begin(Context context) {
        MDC.put(REQUEST_ID, context.getAwsRequestId());
        // The thread may have had another invocation before.
        MDC.remove(TRACE_ID);
        TraceId.of(context).ifPresent(traceId -> MDC.put(TRACE_ID, traceId));
    }
}
