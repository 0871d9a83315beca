package io.orderledger.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * X-Ray's name for the request that is being handled.
 *
 * <p>The context has it for its own invocation alone. The system property {@code com.amazonaws.xray.traceHeader}, which the Java runtime sets
 * in place of the variable {@code _X_AMZN_TRACE_ID}, is the process's: of whichever invocation began last, where several run in one environment.
 * So it is asked only where the context, of a runtime's older interface, does not know.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">The variable, and what Java has in its place</a>
 */
public final class TraceId {
    static final String PROPERTY = "com.amazonaws.xray.traceHeader";

    /** Other parts of the header say who the parent is and whether the trace is kept; they do not belong to the request. */
    private static final Pattern ROOT = Pattern.compile("(?:^|;)Root=([0-9A-Za-z-]{1,64})(?:;|$)");

    private TraceId() {}

    /** Of the running invocation; empty where it is not traced. */
    public static Optional<String> of(Context context) {
        return Optional.ofNullable(context.getXrayTraceId())
                .or(() -> Optional.ofNullable(System.getProperty(PROPERTY)))
                .flatMap(TraceId::root);
    }

    private static Optional<String> root(String header) {
        Matcher matcher = ROOT.matcher(header);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
