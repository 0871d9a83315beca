package io.orderledger.local.functions;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.orderledger.local.definitions.FunctionDefinition;
import io.orderledger.local.functions.FunctionUnavailable.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One function and its execution environments. An environment, which is a handler object, serves one invocation at a time;
 * the one that was used last is used next, as Lambda does, and one that ran out of time is never used again.
 */
final class Function implements RunnableFunction {

    /** How many environments a function without reserved concurrency may have here; Lambda's account limit is 1,000. */
    static final int DEFAULT_MAXIMUM_ENVIRONMENTS = 8;

    /** Lambda's limit for what a synchronous invocation sends or answers. */
    static final int PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024;

    /** How long an invocation waits for a free environment where Lambda would have made another one. */
    private static final Duration ENVIRONMENT_WAIT_LIMIT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Function.class);

    private final FunctionDefinition definition;
    private final HandlerFactory handlers;
    private final Semaphore atOnce;
    private final Duration environmentWait;
    private final Deque<RequestStreamHandler> idle = new ConcurrentLinkedDeque<>();

    Function(FunctionDefinition definition, HandlerFactory handlers) {
        this.definition = definition;
        this.handlers = handlers;
        this.atOnce = new Semaphore(definition.reservedConcurrency().orElse(DEFAULT_MAXIMUM_ENVIRONMENTS), true);
        this.environmentWait = definition.reservedConcurrency().isPresent() ? Duration.ZERO : ENVIRONMENT_WAIT_LIMIT;
    }

    @Override
    public FunctionDefinition definition() {
        return definition;
    }

    @Override
    public InvocationResult invoke(String invokedArn, String requestId, byte[] event) {
        if (event.length > PAYLOAD_LIMIT_BYTES) {
            throw new FunctionUnavailable(
                    Reason.REQUEST_TOO_LARGE,
                    invokedArn,
                    "its event of " + event.length + " bytes exceeds " + PAYLOAD_LIMIT_BYTES);
        }
        acquire(invokedArn);
        try {
            return run(invokedArn, requestId, event);
        } finally {
            atOnce.release();
        }
    }

    private void acquire(String invokedArn) {
        try {
            if (!atOnce.tryAcquire(environmentWait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new FunctionUnavailable(Reason.THROTTLED, invokedArn, "Rate Exceeded.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FunctionUnavailable(Reason.THROTTLED, invokedArn, "the local run is stopping");
        }
    }

    private InvocationResult run(String invokedArn, String requestId, byte[] event) {
        long deadlineNanos = System.nanoTime() + definition.timeout().toNanos();
        var context = new InvocationContext(definition, invokedArn, requestId, deadlineNanos);
        var answer = new CompletableFuture<InvocationResult>();
        Thread thread = Thread.ofVirtual()
                .name("function-" + definition.logicalId())
                .start(() -> answer.complete(handle(context, event, answer)));
        try {
            return answer.get(definition.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return abandoned(answer, thread, requestId);
        } catch (InterruptedException e) {
            InvocationResult result = abandoned(answer, thread, requestId);
            Thread.currentThread().interrupt();
            return result;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an invocation never completes with an exception", e);
        }
    }

    /** Ends what runs too long. The environment is lost with it: nobody knows in what state the interrupt left it. */
    private InvocationResult abandoned(CompletableFuture<InvocationResult> answer, Thread thread, String requestId) {
        var timedOut = new InvocationResult.Failure(ErrorPayload.timedOut(requestId, definition.timeout()));
        if (answer.complete(timedOut)) {
            thread.interrupt();
            LOG.warn("{} timed out, request {}", definition.logicalId(), requestId);
        }
        return answer.join();
    }

    private InvocationResult handle(
            InvocationContext context, byte[] event, CompletableFuture<InvocationResult> answer) {
        RequestStreamHandler handler = null;
        try {
            handler = environment();
            var output = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(event), output, context);
            return output.size() > PAYLOAD_LIMIT_BYTES
                    ? new InvocationResult.Failure(ErrorPayload.responseTooLarge(output.size(), PAYLOAD_LIMIT_BYTES))
                    : new InvocationResult.Success(output.toByteArray());
        } catch (Throwable e) { // Lambda's runtime reports errors as well, a failed initialisation included
            LOG.info(
                    "{} failed with {}, request {}",
                    definition.logicalId(),
                    e.getClass().getName(),
                    context.getAwsRequestId());
            return new InvocationResult.Failure(ErrorPayload.thrown(e));
        } finally {
            giveBack(handler, answer);
        }
    }

    private RequestStreamHandler environment() throws Throwable {
        RequestStreamHandler lastUsed = idle.pollFirst();
        return lastUsed == null ? handlers.handler() : lastUsed;
    }

    private void giveBack(@Nullable RequestStreamHandler handler, CompletableFuture<InvocationResult> answer) {
        if (handler != null && !answer.isDone()) {
            idle.addFirst(handler);
        }
    }
}
