package io.orderledger.local.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells a person how far something is: at a terminal in one line that is written anew each second, elsewhere in a line every 10 seconds.
 * It does so also while nothing happens, so that a long step does not look like a stop. Thread-safe.
 */
final class ProgressDisplay implements AutoCloseable {
    private static final Duration AT_TERMINAL = Duration.ofSeconds(1);
    private static final Duration ELSEWHERE = Duration.ofSeconds(10);
    private static final String BEGINNING_OF_LINE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final ScheduledExecutorService clock;
    private final Future<?> ticks;
    private Optional<Supplier<String>> state = Optional.empty();
    private boolean lineIsOpen;

    ProgressDisplay(PrintWriter err) {
        this(err, Terminal.isErr(), Terminal.isErr() ? AT_TERMINAL : ELSEWHERE);
    }

    ProgressDisplay(PrintWriter err, boolean terminal, Duration interval) {
        this.err = err;
        this.terminal = terminal;
        this.clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("progress").factory());
        this.ticks =
                clock.scheduleAtFixedRate(this::tell, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Takes note of how far it is; the text is made when it is told. */
    synchronized void show(Supplier<String> now) {
        state = Optional.of(now);
    }

    private synchronized void tell() {
        state.ifPresent(text -> {
            if (terminal) {
                err.print(BEGINNING_OF_LINE + text.get());
                lineIsOpen = true;
            } else {
                err.println(text.get());
            }
            err.flush();
        });
    }

    /** Prints a line of other output. */
    synchronized void print(String text) {
        clear();
        err.println(text);
        err.flush();
    }

    private void clear() {
        if (lineIsOpen) {
            err.print(BEGINNING_OF_LINE);
            lineIsOpen = false;
        }
    }

    /** Nothing is told any more. Other output can follow. */
    @Override
    public void close() {
        ticks.cancel(false);
        clock.shutdown();
        synchronized (this) {
            state = Optional.empty();
            clear();
            err.flush();
        }
    }
}
