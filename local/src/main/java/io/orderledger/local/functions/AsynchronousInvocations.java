package io.orderledger.local.functions;

import io.orderledger.local.definitions.FunctionDefinition;
import io.orderledger.local.deliveries.Delivery;
import io.orderledger.local.deliveries.Outcome;
import io.orderledger.local.deliveries.SpeedFactor;
import io.orderledger.local.queues.QueueSender;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of an asynchronous invocation, see
 * <a href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html">Lambda's rules</a>: a
 * function's error is retried after one minute and after two more; throttling is retried with growing delays for as long
 * as the event is young enough, and does not count.
 */
final class AsynchronousInvocations {

    private static final Duration FIRST_RETRY_DELAY = Duration.ofMinutes(1);
    private static final Duration FURTHER_RETRY_DELAY = Duration.ofMinutes(2);
    private static final Duration FIRST_THROTTLE_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_THROTTLE_DELAY = Duration.ofMinutes(5);
    private static final int THROTTLE_DOUBLINGS_LIMIT = 9;

    private static final Logger LOG = LoggerFactory.getLogger(AsynchronousInvocations.class);

    private final QueueSender queues;
    private final SpeedFactor speed;
    private final InstantSource clock;

    AsynchronousInvocations(QueueSender queues, SpeedFactor speed, InstantSource clock) {
        this.queues = queues;
        this.speed = speed;
        this.clock = clock;
    }

    /**
     * Invokes the function once for a delivery; {@code delivery.destination()} is the ARN it was sent to.
     *
     * @throws InterruptedException where the local run stopped meanwhile: the attempt does not count
     */
    Outcome attempt(RunnableFunction function, Delivery delivery) throws InterruptedException {
        if (isTooOld(function, delivery)) {
            return giveUp(function, delivery, FailureRecord.Condition.EVENT_AGE_EXCEEDED);
        }
        InvocationResult result;
        try {
            result = function.invoke(delivery.destination(), delivery.id(), delivery.payload());
        } catch (FunctionUnavailable e) {
            endIfInterrupted();
            return throttled(delivery, e);
        }
        return switch (result) {
            case InvocationResult.Success _ -> Outcome.DONE;
            case InvocationResult.Failure failure -> {
                endIfInterrupted();
                yield failed(function, delivery.failed(failure.errorPayload()));
            }
        };
    }

    private static void endIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the local run is stopping");
        }
    }

    private Outcome failed(RunnableFunction function, Delivery delivery) {
        int retriesDone = delivery.attempts() - 1;
        if (retriesDone >= function.definition().asynchronous().maximumRetryAttempts()) {
            return giveUp(function, delivery, FailureRecord.Condition.RETRIES_EXHAUSTED);
        }
        return new Outcome.Again(delivery, speed.shorten(retriesDone == 0 ? FIRST_RETRY_DELAY : FURTHER_RETRY_DELAY));
    }

    private Outcome throttled(Delivery delivery, FunctionUnavailable cause) {
        LOG.debug("{} is put off: {}", delivery.id(), cause.getMessage());
        int doublings = Math.min(delivery.deferrals(), THROTTLE_DOUBLINGS_LIMIT);
        Duration delay = FIRST_THROTTLE_DELAY.multipliedBy(1L << doublings);
        Duration bounded = delay.compareTo(LONGEST_THROTTLE_DELAY) > 0 ? LONGEST_THROTTLE_DELAY : delay;
        return new Outcome.Again(delivery.deferred(delivery.lastAnswer()), speed.shorten(bounded));
    }

    private Outcome giveUp(RunnableFunction function, Delivery delivery, FailureRecord.Condition condition) {
        FunctionDefinition definition = function.definition();
        LOG.warn(
                "{} gave up request {} after {} invocations: {}",
                definition.logicalId(),
                delivery.id(),
                delivery.attempts(),
                condition);
        definition.asynchronous().onFailureQueueArn().ifPresent(queue -> {
            String record = FailureRecord.of(
                    delivery, qualified(definition, delivery.destination()), condition, clock.instant());
            queues.send(queue, record, Map.of());
        });
        return Outcome.DONE;
    }

    private boolean isTooOld(RunnableFunction function, Delivery delivery) {
        Instant oldest =
                clock.instant().minus(function.definition().asynchronous().maximumEventAge());
        return delivery.acceptedAt().isBefore(oldest);
    }

    private static String qualified(FunctionDefinition definition, String invokedArn) {
        return invokedArn.equals(definition.arn()) ? invokedArn + ":" + InvocationContext.LATEST : invokedArn;
    }
}
