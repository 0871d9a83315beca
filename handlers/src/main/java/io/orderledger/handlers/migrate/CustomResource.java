package io.orderledger.handlers.migrate;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.RemainingTime;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what CloudFormation asks of a custom resource, and answers.
 *
 * <p>Whatever happens, CloudFormation is answered as long as the request says where, and also shortly before Lambda would end the
 * function; without an answer a deployment hangs for an hour. A failure is thrown as well, so that it shows in metrics and logs.
 *
 * @param physicalId what the resource is called where CloudFormation has not been told another name yet
 * @param work does what is asked and gives the answer's data
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html">Custom resources</a>
 */
record CustomResource(String physicalId, Function<ResourceRequest, ObjectNode> work) {
    private static final Logger LOG = LoggerFactory.getLogger(CustomResource.class);

    /** What an answer may take, all its attempts included. */
    private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(20);

    /**
     * Does what CloudFormation asks and answers it.
     *
     * @throws RuntimeException if the work failed, or the request is none, or CloudFormation could not be told
     */
    void handle(InputStream event, Context context) throws IOException {
        ResourceRequest request = ResourceRequest.read(event.readAllBytes(), physicalId);
        Reply reply = new Reply(request);
        try (ScheduledThreadPoolExecutor guard = new ScheduledThreadPoolExecutor(1, CustomResource::daemon)) {
            // Closing it then drops the guard's answer unless that is being given, and waits for it if so.
            guard.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            Future<?> timeout = guard.schedule(
                    () -> giveUp(request, reply),
                    RemainingTime.of(context).leftAfter(TIME_TO_ANSWER).toMillis(),
                    TimeUnit.MILLISECONDS);
            fulfil(request, reply, context);
            timeout.cancel(false);
        }
    }

    private void fulfil(ResourceRequest request, Reply reply, Context context) {
        try {
            if (!reply.success(work.apply(request))) {
                throw new IllegalStateException("CloudFormation was told before that time ran out: " + request);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed", request, e);
            reply.failure(e.getClass().getSimpleName() + ": " + e.getMessage() + " (log stream "
                    + context.getLogStreamName() + ")");
            throw e;
        }
    }

    private static void giveUp(ResourceRequest request, Reply reply) {
        try {
            if (reply.failure("It takes longer than the function may run")) {
                LOG.error("{} takes longer than the function may run", request);
            }
        } catch (RuntimeException e) {
            LOG.error("{} takes longer than the function may run, and CloudFormation could not be told", request, e);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "custom-resource-timeout");
        thread.setDaemon(true);
        return thread;
    }
}
