package io.orderledger.local.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Turns Ctrl-C, or a SIGTERM, into an interruption of the thread that works, and lets it come to an orderly end. */
final class Interruptible implements AutoCloseable {
    /** Then the process ends all the same: whatever is done in the database goes back, as if it had been killed. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);

    /** Of the process, as is its end: what a command has to say last is told after it has closed what it worked with. */
    private static final CountDownLatch LAST_WORD = new CountDownLatch(1);

    private final Thread worker = Thread.currentThread();
    private final Thread hook = Thread.ofPlatform().name("interruption").unstarted(this::interrupt);
    private volatile boolean interrupted;

    private Interruptible() {}

    /** The calling thread is the one that works, until this is closed. */
    static Interruptible begin() {
        Interruptible interruptible = new Interruptible();
        Runtime.getRuntime().addShutdownHook(interruptible.hook);
        return interruptible;
    }

    /** Says that the command has told what became of it: whoever interrupted it waits no longer. */
    static void told() {
        LAST_WORD.countDown();
    }

    private void interrupt() {
        interrupted = true;
        worker.interrupt();
        try {
            boolean inTime = LAST_WORD.await(MAX_WAIT.toSeconds(), TimeUnit.SECONDS);
            if (!inTime) {
                System.err.println("order-ledger: ended without waiting for what was under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isInterrupted() {
        return interrupted;
    }

    @Override
    public void close() {
        if (!interrupted) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is just ending; the hook has nothing to wait for.
            }
        }
    }
}
