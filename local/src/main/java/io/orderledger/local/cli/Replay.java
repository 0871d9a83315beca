package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.instance.Instance;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * Asks the replaying function again and again, for a bounded number of messages at a time, until nothing is left that is meant. Interrupted,
 * it is simply run again: what was replayed has left its queue.
 */
final class Replay {
    static final String FUNCTION = "ReplayDeadLettersFunction";

    private static final int MESSAGES_PER_CALL = 500;

    /** How long a call takes at a given rate: a person wants to see how it goes on. */
    private static final int SECONDS_PER_CALL = 10;

    /** What is not meant is looked at in so many calls, one after the other, before the command gives up. */
    private static final int MAX_CALLS_IN_VAIN = 20;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MIN_SECONDS = 1e-3;

    private final FunctionCall function;
    private final ProgressDisplay progress;
    private final ObjectNode selection;
    private final OptionalInt rate;
    private final long limit;
    private final BooleanSupplier interrupted;

    /**
     * @param selection the fields of the function's request that say which messages are meant
     * @param rate messages a second, at most
     * @param limit messages, at most
     * @param interrupted asked between calls
     */
    Replay(
            FunctionCall function,
            ProgressDisplay progress,
            ObjectNode selection,
            OptionalInt rate,
            long limit,
            BooleanSupplier interrupted) {
        this.function = function;
        this.progress = progress;
        this.selection = selection;
        this.rate = rate;
        this.limit = limit;
        this.interrupted = interrupted;
    }

    /** Everything that waits at a running instance. */
    static Totals of(Instance instance, ProgressDisplay progress) {
        try (FunctionCall function = LocalFunctions.function(instance, FUNCTION)) {
            return new Replay(
                            function,
                            progress,
                            JsonNodeFactory.instance.objectNode(),
                            OptionalInt.empty(),
                            Long.MAX_VALUE,
                            () -> false)
                    .run(Optional.empty());
        }
    }

    /**
     * Replays.
     *
     * @param matching how many messages are meant, if somebody has counted them
     */
    Totals run(Optional<Long> matching) {
        long started = System.nanoTime();
        Totals totals = Totals.NONE;
        boolean goesOn = true;
        int inVain = 0;
        while (goesOn && !interrupted.getAsBoolean()) {
            JsonNode answer = function.answer(request(limit - totals.tried()));
            Totals step = Totals.of(answer);
            totals = totals.plus(step);
            long left = matching.map(all -> all - step.handled()).orElse(waiting(answer));
            matching = matching.map(all -> all - step.handled());
            report(totals, Math.min(Math.max(0, left), limit - totals.tried()), started);
            inVain = step.handled() > 0 ? 0 : inVain + 1;
            boolean onlyLooked = step.passedOver() > 0 && step.failed() == 0 && inVain < MAX_CALLS_IN_VAIN;
            goesOn = answer.path("remaining").asBoolean()
                    && (step.handled() > 0 || onlyLooked)
                    && !answer.path("stopped").asBoolean()
                    && totals.tried() < limit;
        }
        return totals;
    }

    private ObjectNode request(long atMost) {
        long messages = rate.isPresent()
                ? Math.min(MESSAGES_PER_CALL, (long) rate.getAsInt() * SECONDS_PER_CALL)
                : MESSAGES_PER_CALL;
        ObjectNode request = selection.deepCopy().put("maxMessages", (int) Math.min(messages, atMost));
        rate.ifPresent(perSecond -> request.put("messagesPerSecond", perSecond));
        return request;
    }

    private void report(Totals totals, long left, long started) {
        double seconds = Math.max((System.nanoTime() - started) / NANOS_PER_SECOND, MIN_SECONDS);
        double perSecond = totals.handled() / seconds;
        progress.print("replayed %d of about %d, %.0f/s, about %.0f s left"
                .formatted(totals.handled(), totals.handled() + left, perSecond, perSecond > 0 ? left / perSecond : 0));
    }

    /** About how many messages the queues have, by the function's answer. */
    static long waiting(JsonNode answer) {
        long waiting = 0;
        for (JsonNode queue : answer.path("waiting")) {
            waiting += queue.asLong();
        }
        return waiting;
    }

    /**
     * What became of the messages.
     *
     * @param appended new in the ledger
     * @param duplicate in the ledger before
     * @param refused kept in the table of refused messages
     * @param parked kept there too, because they failed too often
     * @param failed left in their queues
     * @param passedOver looked at, not meant, and left in their queues; the same message may be counted in several calls
     * @param failure what failed last, by class and code; empty if nothing did
     */
    record Totals(
            long appended, long duplicate, long refused, long parked, long failed, long passedOver, String failure) {
        static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, "");

        static Totals of(JsonNode answer) {
            return new Totals(
                    answer.path("appended").asLong(),
                    answer.path("duplicate").asLong(),
                    answer.path("refused").asLong(),
                    answer.path("parked").asLong(),
                    answer.path("failed").asLong(),
                    answer.path("passedOver").asLong(),
                    answer.path("failure").asText(""));
        }

        Totals plus(Totals other) {
            return new Totals(
                    appended + other.appended,
                    duplicate + other.duplicate,
                    refused + other.refused,
                    parked + other.parked,
                    failed + other.failed,
                    passedOver + other.passedOver,
                    other.failure.isEmpty() ? failure : other.failure);
        }

        long handled() {
            return appended + duplicate + refused + parked;
        }

        long tried() {
            return handled() + failed;
        }
    }
}
