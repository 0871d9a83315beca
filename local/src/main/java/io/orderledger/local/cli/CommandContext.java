package io.orderledger.local.cli;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a function is told that a command runs in its own process: as little as there is to tell. */
final class CommandContext implements Context {
    private static final String NAME = "order-ledger";
    private static final int MEBIBYTE = 1024 * 1024;

    private final String requestId = UUID.randomUUID().toString();
    private final long endNanoTime;

    CommandContext(Duration timeout) {
        this.endNanoTime = System.nanoTime() + timeout.toNanos();
    }

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public String getLogGroupName() {
        return NAME;
    }

    @Override
    public String getLogStreamName() {
        return NAME;
    }

    @Override
    public String getFunctionName() {
        return NAME;
    }

    @Override
    public String getFunctionVersion() {
        return "$LATEST";
    }

    @Override
    public String getInvokedFunctionArn() {
        return NAME;
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return (int)
                Duration.ofNanos(Math.max(0, endNanoTime - System.nanoTime())).toMillis();
    }

    @Override
    public int getMemoryLimitInMB() {
        return (int) (Runtime.getRuntime().maxMemory() / MEBIBYTE);
    }

    @Override
    public @Nullable LambdaLogger getLogger() {
        return null;
    }

    @Override
    public @Nullable String getXrayTraceId() {
        return null;
    }
}
