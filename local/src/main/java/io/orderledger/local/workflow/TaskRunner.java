package io.orderledger.local.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.deliveries.Surroundings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Runs the Tasks of one execution, within their time and with their retries. */
final class TaskRunner {

    private static final double NANOS_LIMIT = Duration.ofDays(366).toNanos();

    private final Tasks services;
    private final Surroundings surroundings;
    private final Deadline deadline;

    TaskRunner(Tasks services, Surroundings surroundings, Deadline deadline) {
        this.services = services;
        this.surroundings = surroundings;
        this.deadline = deadline;
    }

    /**
     * Calls the Task's service once. When the Task's time is up the call goes on unobserved, as a function on AWS does.
     *
     * @throws StateFailure with the service's error, or States.Timeout
     * @throws Deadline.Passed where the execution's time is up first
     */
    JsonNode call(State.Task task, JsonNode parameters) throws InterruptedException {
        Duration left = deadline.left();
        Duration limit =
                task.timeout().filter(timeout -> timeout.compareTo(left) < 0).orElse(left);
        try {
            return deadline.passage().within(limit, () -> services.call(task.integration(), parameters));
        } catch (TimeoutException _) {
            deadline.check();
            throw new StateFailure(StateFailure.TIMEOUT, "");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StateFailure failure) {
                throw failure;
            }
            throw new CompletionException(e.getCause());
        }
    }

    Retries retries(State.Task task) {
        return new Retries(task);
    }

    /** The retries of one Task: each retrier counts for itself, from when the state was entered. */
    final class Retries {

        private final State.Task task;
        private final int[] attempts;
        private int done;

        private Retries(State.Task task) {
            this.task = task;
            this.attempts = new int[task.retriers().size()];
        }

        /** Waits as the first retrier that knows the error says, and returns false where none does or its tries are used up. */
        boolean waitBeforeNext(StateFailure failure) throws InterruptedException {
            for (int i = 0; i < attempts.length; i++) {
                State.Retrier retrier = task.retriers().get(i);
                if (ErrorMatch.matches(retrier.errors(), failure.error())) {
                    if (attempts[i] >= retrier.maximumAttempts()) {
                        return false;
                    }
                    deadline.sleep(surroundings.speed().shorten(delay(retrier, attempts[i])));
                    attempts[i]++;
                    done++;
                    return true;
                }
            }
            return false;
        }

        int done() {
            return done;
        }
    }

    /** The delay before a retry on AWS, jitter included. */
    private Duration delay(State.Retrier retrier, int retriesDone) {
        double nanos = retrier.interval().toNanos() * Math.pow(retrier.backoffRate(), retriesDone);
        Duration delay = Duration.ofNanos((long) Math.min(nanos, NANOS_LIMIT));
        Optional<Duration> most = retrier.maximumDelay();
        Duration bounded = most.isPresent() && most.get().compareTo(delay) < 0 ? most.get() : delay;
        return retrier.fullJitter() ? Duration.ofNanos(surroundings.jitter().nextLong(bounded.toNanos() + 1)) : bounded;
    }
}
