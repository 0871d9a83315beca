package io.orderledger.local.schedules;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.FunctionDefinition;
import io.orderledger.local.definitions.ScheduleDefinition;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.deliveries.SpeedFactor;
import io.orderledger.local.functions.FunctionInvoker;
import io.orderledger.local.functions.FunctionUnavailable;
import io.orderledger.local.functions.InvocationResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Invokes the functions of a stack's schedules, each again when its interval has passed since the last invocation ended. What fails is tried again
 * a few turns later, and is in the function's log. Thread-safe.
 */
public final class Schedules implements AutoCloseable {
    /** Schedules that have no effect here, by their function's handler, and why. Only handlers' entry points are known here, by their names. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "io.orderledger.handlers.upkeep.KeepUp", "an append seals and lists itself",
            "io.orderledger.handlers.heads.ExportHeads",
                    "the local run exports tree heads by itself, with a key and a folder of its own",
            "io.orderledger.handlers.replay.ReplayByItself",
                    "dead letters wait here for whoever tries out what becomes of them; it is invoked by hand",
            "io.orderledger.handlers.replay.WatchDeadLetters", "logs and metrics are not collected",
            "io.orderledger.handlers.checkprojections.CheckProjections", "logs and metrics are not collected");

    /** A second, whatever the speed: no schedule is meant to keep a machine busy. */
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

    /** How many turns are left out at most after a failure. */
    private static final int MAX_LEFT_OUT = 8;

    /** As long as a function may take that is just running; the largest of them ends by itself before. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    private static final byte[] EVENT = "{}".getBytes(StandardCharsets.UTF_8);
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(
            0, Thread.ofVirtual().name("schedule").factory());
    private final FunctionInvoker functions;

    private Schedules(FunctionInvoker functions) {
        this.functions = functions;
    }

    /**
     * Begins to invoke.
     *
     * @throws DefinitionException where a schedule's target is none of the functions
     */
    public static Schedules start(Stack stack, FunctionInvoker functions, SpeedFactor speed) {
        Schedules schedules = new Schedules(functions);
        executed(stack).forEach(schedule -> schedules.begin(schedule, speed));
        return schedules;
    }

    /** The schedules that are executed here. */
    static List<ScheduleDefinition> executed(Stack stack) {
        return stack.schedules().stream()
                .filter(ScheduleDefinition::enabled)
                .filter(schedule ->
                        !LEFT_OUT.containsKey(target(schedule, stack).handler()))
                .toList();
    }

    private static FunctionDefinition target(ScheduleDefinition schedule, Stack stack) {
        return stack.function(schedule.functionArn())
                .orElseThrow(() -> new DefinitionException(
                        schedule.location(), "only functions can be targets here, not " + schedule.functionArn()));
    }

    private void begin(ScheduleDefinition schedule, SpeedFactor speed) {
        Duration shortened = speed.shorten(schedule.interval());
        Duration interval = shortened.compareTo(MIN_INTERVAL) < 0 ? MIN_INTERVAL : shortened;
        var unused = timer.scheduleWithFixedDelay(
                new Turns(schedule), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * The turns of one schedule. After a failure some are left out, twice as many after the next: at this pace a database that is away would fill
     * the log. One thread at a time.
     */
    private final class Turns implements Runnable {
        private final ScheduleDefinition schedule;
        private int failures;
        private int leftOut;

        Turns(ScheduleDefinition schedule) {
            this.schedule = schedule;
        }

        @Override
        public void run() {
            if (leftOut > 0) {
                leftOut--;
                return;
            }
            if (invoke()) {
                failures = 0;
            } else {
                leftOut = Math.min(1 << failures, MAX_LEFT_OUT);
                failures = Math.min(failures + 1, MAX_LEFT_OUT);
            }
        }

        private boolean invoke() {
            try {
                return functions.invoke(schedule.functionArn(), EVENT) instanceof InvocationResult.Success;
            } catch (FunctionUnavailable e) {
                LOG.debug("{} is left out this time", schedule.logicalId(), e);
            } catch (RuntimeException e) {
                LOG.error("{} could not be invoked", schedule.logicalId(), e);
            }
            return false;
        }
    }

    /** Waits for what is just running, so that it ends in order. */
    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
