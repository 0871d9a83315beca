package io.orderledger.local.functions;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import io.orderledger.local.definitions.FunctionDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a handler may ask about its invocation. */
final class InvocationContext implements Context {

    static final String LATEST = "$LATEST";

    private final FunctionDefinition function;
    private final String invokedArn;
    private final String requestId;
    private final long deadlineNanos;

    InvocationContext(FunctionDefinition function, String invokedArn, String requestId, long deadlineNanos) {
        this.function = function;
        this.invokedArn = invokedArn;
        this.requestId = requestId;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/" + function.name();
    }

    @Override
    public String getLogStreamName() {
        return "local";
    }

    @Override
    public String getFunctionName() {
        return function.name();
    }

    @Override
    public String getFunctionVersion() {
        return LATEST;
    }

    @Override
    public String getInvokedFunctionArn() {
        return invokedArn;
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null; // as on Lambda, for everything that is not a mobile SDK
    }

    @Override
    public @Nullable ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        long left = Duration.ofNanos(deadlineNanos - System.nanoTime()).toMillis();
        return Math.clamp(left, 0, Integer.MAX_VALUE);
    }

    @Override
    public int getMemoryLimitInMB() {
        return function.memoryMegabytes();
    }

    @Override
    public LambdaLogger getLogger() {
        return new HandlerLog(LoggerFactory.getLogger("functions." + function.logicalId()));
    }

    private record HandlerLog(Logger log) implements LambdaLogger {
        @Override
        public void log(String message) {
            log.info("{}", message);
        }

        @Override
        public void log(byte[] message) {
            log.info("{}", new String(message, StandardCharsets.UTF_8));
        }
    }
}
