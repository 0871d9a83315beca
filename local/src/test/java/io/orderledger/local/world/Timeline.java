package io.orderledger.local.world;

import io.orderledger.local.workflow.Passage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/**
 * Simulated time. What is to happen is run in the order of its time, then of its planning, one thing at a time: each actor has a thread, but
 * only the one that holds the baton runs. So the same plan gives the same course, however fast the machine is.
 */
final class Timeline implements InstantSource, Passage {
    /** Before the database's own time, which is the machine's: what occurred is never clamped to when it was recorded. */
    static final Instant START = Instant.parse("2020-01-01T00:00:00Z");

    /** A course that takes more steps than this does not end. */
    private static final long MAX_STEPS = 2_000_000;

    private final PriorityQueue<Step> plan =
            new PriorityQueue<>(Comparator.comparingLong(Step::at).thenComparingLong(Step::number));
    private final Semaphore loop = new Semaphore(0);
    private static final ThreadLocal<Actor> SELF = new ThreadLocal<>();
    private volatile Actor running;
    private volatile Throwable failure;
    private volatile long nanos;
    private long planned;

    private record Step(long at, long number, Runnable action) {}

    /** Somebody who acts, on a thread of his own. */
    final class Actor {
        private final Semaphore baton = new Semaphore(0);
        private volatile Session session;

        private void begin(Runnable action) {
            Thread.ofVirtual().start(() -> {
                baton.acquireUninterruptibly();
                SELF.set(this);
                try {
                    action.run();
                } catch (Throwable e) { // an assertion above all: the loop has to end with it
                    failure = e;
                } finally {
                    loop.release();
                }
            });
            goOn();
        }

        private void goOn() {
            running = this;
            baton.release();
            loop.acquireUninterruptibly();
            running = null;
        }

        private void waitForBaton() {
            loop.release();
            baton.acquireUninterruptibly();
        }
    }

    /** Plans an action; it may sleep and wait. */
    void after(Duration delay, Runnable action) {
        planStep(delay, () -> new Actor().begin(action));
    }

    private synchronized void planStep(Duration delay, Runnable step) {
        plan.add(new Step(nanos + Math.max(0, delay.toNanos()), planned++, step));
    }

    private synchronized Step next() {
        return plan.poll();
    }

    /** Runs until nothing is planned any more. */
    void run() {
        long steps = 0;
        for (Step step = next(); step != null; step = next()) {
            if (++steps > MAX_STEPS) {
                throw new AssertionError("the course does not end");
            }
            nanos = Math.max(nanos, step.at());
            step.action().run();
            if (failure != null) {
                throw new AssertionError("an actor failed: " + failure, failure);
            }
        }
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos);
    }

    /** On an actor's thread: lets others act until then. */
    @Override
    public void sleep(Duration duration) {
        Actor actor = acting();
        planStep(duration, actor::goOn);
        actor.waitForBaton();
    }

    /** On an actor's thread: another actor calls, and this one waits for him, at most so long. */
    @Override
    public <T> T within(Duration limit, Callable<T> call) throws ExecutionException, TimeoutException {
        Actor actor = acting();
        var wait = new Object() {
            private Optional<T> value = Optional.empty();
            private Throwable error;
            private boolean waiting = true;
            private boolean timedOut;
        };
        after(Duration.ZERO, () -> {
            try {
                wait.value = Optional.of(call.call());
            } catch (Exception e) {
                wait.error = e;
            }
            if (wait.waiting) {
                wait.waiting = false;
                planStep(Duration.ZERO, actor::goOn);
            }
        });
        planStep(limit, () -> {
            if (wait.waiting) {
                wait.waiting = false;
                wait.timedOut = true;
                actor.goOn();
            }
        });
        actor.waitForBaton();
        if (wait.timedOut) {
            throw new TimeoutException();
        }
        if (wait.error != null) {
            throw new ExecutionException(wait.error);
        }
        return wait.value.orElseThrow();
    }

    /** Says for whom the actor on this thread works with the database and the queues from now on. */
    void enter(Session session) {
        acting().session = session;
    }

    /** For whom the actor works who has the baton; asked by other threads while he waits for them. */
    Optional<Session> session() {
        return Optional.ofNullable(running).map(actor -> actor.session);
    }

    private Actor acting() {
        Actor actor = SELF.get();
        if (actor == null || actor != running) {
            throw new IllegalStateException("only the actor with the baton may do that");
        }
        return actor;
    }
}
