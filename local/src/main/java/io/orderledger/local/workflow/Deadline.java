package io.orderledger.local.workflow;

import java.time.Duration;

/** When an execution has to be over. */
record Deadline(Passage passage, long nanos) {

    /** The execution's time is up. Nothing in a workflow catches this. */
    static final class Passed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Passed() {
            super("the execution timed out", null, false, false);
        }
    }

    static Deadline in(Duration limit, Passage passage) {
        return new Deadline(passage, passage.nanoTime() + limit.toNanos());
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - passage.nanoTime()));
    }

    void check() {
        if (nanos - passage.nanoTime() <= 0) {
            throw new Passed();
        }
    }

    /** Sleeps, or until the deadline where that comes first, which it then reports. */
    void sleep(Duration duration) throws InterruptedException {
        Duration left = left();
        passage.sleep(duration.compareTo(left) < 0 ? duration : left);
        check();
    }
}
