package io.orderledger.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends orders by a timetable that does not care how fast they are answered, and times each from when it was due: what waits behind a slow
 * answer, here or there, counts as late. Not thread-safe.
 */
final class OpenLoop {
    /** More requests than this are not under way at once; the next ones wait, and get later. */
    private static final int MAX_UNDER_WAY = 1_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private final Target target;
    private long next;

    /** What is sent where. */
    @FunctionalInterface
    interface Target {
        /** Places the order of that number; the HTTP status. */
        int place(long number) throws InterruptedException;
    }

    /** Learns of each order that was accepted. */
    @FunctionalInterface
    interface Observer {
        void accepted(long number, long dueNanos);
    }

    /**
     * Begins.
     *
     * @param next number of the first order
     */
    OpenLoop(Target target, long next) {
        this.target = target;
        this.next = next;
    }

    /** The number of the order that is sent next. */
    long next() {
        return next;
    }

    /** Sends the next orders; returns when all have their answers. */
    Recording run(double perSecond, Duration duration, Observer observer) throws InterruptedException {
        int requests = (int) Math.max(1, Math.round(perSecond * duration.toMillis() / 1e3));
        long first = next;
        next += requests;
        Recording recording = new Recording(first, perSecond, requests);
        Semaphore underWay = new Semaphore(MAX_UNDER_WAY, true);
        CountDownLatch answered = new CountDownLatch(requests);
        long begin = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            int index = i;
            long due = begin + Math.round(i * NANOS_PER_SECOND / perSecond);
            await(due);
            Thread.startVirtualThread(() -> {
                try {
                    underWay.acquire();
                    try {
                        int status = target.place(first + index);
                        recording.record(index, status, System.nanoTime() - due);
                        if (status == OrderApi.OK) {
                            observer.accepted(first + index, due);
                        }
                    } finally {
                        underWay.release();
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                } finally {
                    answered.countDown();
                }
            });
        }
        answered.await();
        return recording;
    }

    private static void await(long due) throws InterruptedException {
        long left = due - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("the load was ended");
            }
            left = due - System.nanoTime();
        }
    }
}
