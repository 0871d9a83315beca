package io.orderledger.local.workflow;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How an execution's time passes: on the JVM's clock, or on a simulation's. Thread-safe. */
public interface Passage {

    /** On the JVM's monotonic clock. */
    Passage REAL = new Real();

    /** A reading of a clock that never goes back; only differences have a meaning. */
    long nanoTime();

    void sleep(Duration duration) throws InterruptedException;

    /**
     * Waits for a call, at most so long. A call that takes longer goes on unobserved, as a function on AWS does.
     *
     * @throws TimeoutException where it takes longer
     * @throws ExecutionException with what the call threw as its cause
     */
    <T> T within(Duration limit, Callable<T> call) throws InterruptedException, ExecutionException, TimeoutException;

    /** A thread for each call. */
    final class Real implements Passage {

        private Real() {}

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }

        @Override
        public <T> T within(Duration limit, Callable<T> call)
                throws InterruptedException, ExecutionException, TimeoutException {
            var answer = new CompletableFuture<T>();
            Thread.ofVirtual().name("task").start(() -> {
                try {
                    answer.complete(call.call());
                } catch (Throwable e) { // whatever it is, the execution's thread has to learn of it
                    answer.completeExceptionally(e);
                }
            });
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
