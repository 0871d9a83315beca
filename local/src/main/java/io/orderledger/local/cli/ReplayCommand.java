package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.AbortedException;

/** {@code order-ledger replay}: delivers what waits in the dead-letter queues again. */
@Command(
        name = "replay",
        description = {
            "Replays the dead-letter queues. Repeating it changes nothing; interrupted, it can be run again.",
            "To look at a message hides it from others: what is not meant is given back when the call that looked at it ends.",
            "Exit code 1: messages failed or were parked; 2: it could not run."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
    private static final int MAX_RATE = 1_000;

    @Mixin
    private PlaceOption place = new PlaceOption();

    @Option(
            names = "--queue",
            paramLabel = "NAME",
            description = "Only this queue: rule, function or workflow. Can be given several times.")
    private List<String> queues = new ArrayList<>();

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = {
                "Only what failed so: database-away, throttled, timed-out, service-failed, not-permitted, function-failed or unknown,",
                "or a code as --dry-run shows it. Can be given several times."
            })
    private List<String> reasons = new ArrayList<>();

    @Mixin
    private TimeOption time = new TimeOption();

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "At most so many messages a second, from 1 to 1000 (default: as fast as it goes).")
    private Optional<Integer> rate = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "At most so many messages.")
    private Optional<Long> limit = Optional.empty();

    @Option(
            names = "--dry-run",
            description =
                    "Count what waits, by queue and reason, and change nothing. It hides messages while it looks.")
    private boolean dryRun;

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        return output.run(this::replay);
    }

    private int replay() {
        rate.filter(perSecond -> perSecond < 1 || perSecond > MAX_RATE).ifPresent(wrong -> {
            throw new IllegalArgumentException("--rate must be from 1 to " + MAX_RATE);
        });
        limit.filter(messages -> messages < 1).ifPresent(wrong -> {
            throw new IllegalArgumentException("--limit must be at least 1");
        });
        try (FunctionCall function = place.function(Replay.FUNCTION)) {
            ObjectNode selection = selection();
            if (dryRun) {
                return conclude(function.answer(selection.put("dryRun", true)));
            }
            // Counted first, so that the time left is that of what is meant.
            Optional<Long> matching = reasons.isEmpty() && !time.isGiven()
                    ? Optional.empty()
                    : Optional.of(function.answer(selection.deepCopy().put("dryRun", true))
                            .path("matching")
                            .asLong());
            return replay(function, selection, matching);
        }
    }

    private int replay(FunctionCall function, ObjectNode selection, Optional<Long> matching) {
        try (Interruptible interruptible = Interruptible.begin()) {
            Replay replay = new Replay(
                    function,
                    spec.commandLine().getErr(),
                    selection,
                    rate.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                    limit.orElse(Long.MAX_VALUE),
                    interruptible::isInterrupted);
            try {
                Replay.Totals totals = replay.run(matching);
                return interruptible.isInterrupted() ? interrupted() : conclude(totals);
            } catch (AbortedException e) {
                if (interruptible.isInterrupted()) {
                    return interrupted();
                }
                throw e;
            }
        }
    }

    private int interrupted() {
        spec.commandLine()
                .getErr()
                .println(
                        "order-ledger: interrupted; what was replayed stays so, and the same command goes on with the rest");
        return OrderLedger.COULD_NOT_RUN;
    }

    private ObjectNode selection() {
        ObjectNode selection = JsonNodeFactory.instance.objectNode();
        put(selection, "queues", queues);
        put(selection, "reasons", reasons);
        InstantSource clock = InstantSource.system();
        time.since(clock).ifPresent(since -> selection.put("since", since.toString()));
        time.until(clock).ifPresent(until -> selection.put("until", until.toString()));
        return selection;
    }

    private static void put(ObjectNode selection, String field, List<String> names) {
        if (!names.isEmpty()) {
            ArrayNode array = selection.putArray(field);
            names.forEach(array::add);
        }
    }

    private int conclude(Replay.Totals totals) {
        int exitCode = totals.failed() + totals.parked() > 0 ? OrderLedger.FOUND_WRONG : OrderLedger.DONE;
        if (!output.isTable()) {
            ObjectNode data = JsonNodeFactory.instance
                    .objectNode()
                    .put("appended", totals.appended())
                    .put("duplicate", totals.duplicate())
                    .put("refused", totals.refused())
                    .put("parked", totals.parked())
                    .put("failed", totals.failed());
            if (!totals.failure().isEmpty()) {
                data.put("failure", totals.failure());
            }
            output.print(exitCode, data, "");
            return exitCode;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("appended " + totals.appended());
        out.println("duplicate " + totals.duplicate());
        out.println("refused " + totals.refused());
        if (totals.parked() > 0) {
            out.println("parked " + totals.parked() + " (they failed too often; see order-ledger dead-letters list)");
        }
        if (totals.failed() > 0) {
            out.println("failed " + totals.failed() + " (they stay in their queues; the last one: " + totals.failure()
                    + "; is the database up?)");
        }
        return exitCode;
    }

    /** Of a dry run. */
    private int conclude(ObjectNode answer) {
        if (!output.isTable()) {
            output.print(OrderLedger.DONE, answer, "groups");
            return OrderLedger.DONE;
        }
        List<List<String>> rows = StreamSupport.stream(answer.path("groups").spliterator(), false)
                .map(group -> List.of(
                        group.path("queue").asText(),
                        group.path("reason").asText(),
                        group.path("code").asText(),
                        group.path("messages").asText(),
                        group.path("oldest").asText(""),
                        group.path("newest").asText("")))
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        Table.print(List.of("QUEUE", "REASON", "CODE", "MESSAGES", "OLDEST", "NEWEST"), rows, out);
        JsonNode looked = answer.path("looked");
        out.printf(
                "%s of %s messages that were looked at are meant; nothing was changed%n",
                answer.path("matching").asText(), looked.asText());
        if (!answer.path("complete").asBoolean()) {
            out.printf("there are more than could be looked at: about %d wait in all%n", Replay.waiting(answer));
        }
        return OrderLedger.DONE;
    }
}
