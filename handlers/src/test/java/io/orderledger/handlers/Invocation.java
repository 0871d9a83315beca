package io.orderledger.handlers;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One invocation of a function, as Lambda makes it: bytes in, bytes out, and a context whose time runs. */
public final class Invocation implements Context {
    private static final Duration PLENTY = Duration.ofSeconds(60);

    private static final String TRACED = "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1";

    private final long endNanoTime;
    private final @Nullable String trace;

    private Invocation(Duration timeout) {
        this(timeout, TRACED);
    }

    private Invocation(Duration timeout, @Nullable String trace) {
        this.endNanoTime = System.nanoTime() + timeout.toNanos();
        this.trace = trace;
    }

    public static String of(RequestStreamHandler function, String event) {
        return of(function, event.getBytes(StandardCharsets.UTF_8), PLENTY);
    }

    public static String of(RequestStreamHandler function, byte[] event, Duration timeout) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            function.handleRequest(new ByteArrayInputStream(event), answer, new Invocation(timeout));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** A context of an invocation that begins now. */
    public static Context lasting(Duration timeout) {
        return new Invocation(timeout);
    }

    /** A context of an invocation with this trace header. */
    static Context traced(@Nullable String header) {
        return new Invocation(PLENTY, header);
    }

    @Override
    public int getRemainingTimeInMillis() {
        return (int) ((endNanoTime - System.nanoTime()) / 1_000_000);
    }

    @Override
    public @Nullable String getXrayTraceId() {
        return trace;
    }

    @Override
    public String getAwsRequestId() {
        return "c6af9ac6-7b61-11e6-9a41-93e8deadbeef";
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/test";
    }

    @Override
    public String getLogStreamName() {
        return "2026/11/22/[$LATEST]1f8b";
    }

    @Override
    public String getFunctionName() {
        return "test";
    }

    @Override
    public String getFunctionVersion() {
        return "$LATEST";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "arn:aws:lambda:eu-west-1:111122223333:function:test";
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
    public int getMemoryLimitInMB() {
        return 1024;
    }

    @Override
    public @Nullable LambdaLogger getLogger() {
        return null;
    }
}
