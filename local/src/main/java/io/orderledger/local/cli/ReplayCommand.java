package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.exception.AbortedException;

/** {@code order-ledger replay}: delivers what waits in the dead-letter queues again. */
@Command(
        name = "replay",
        description = {
            "Replays the dead-letter queues. Repeating it changes nothing; interrupted, it can be run again.",
            "To look at a message hides it from others: what is not meant is given back when the call that looked at it ends."
        },
        exitCodeList = {"0:what is meant is recorded", "1:messages failed or were parked", "2:could not run"})
final class ReplayCommand extends ReportingCommand {
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

    @Override
    Answer answer() {
        rate.filter(perSecond -> perSecond < 1 || perSecond > MAX_RATE).ifPresent(wrong -> {
            throw new IllegalArgumentException("--rate must be from 1 to " + MAX_RATE);
        });
        limit.filter(messages -> messages < 1).ifPresent(wrong -> {
            throw new IllegalArgumentException("--limit must be at least 1");
        });
        try (FunctionCall function = place.function(Replay.FUNCTION)) {
            ObjectNode selection = selection();
            if (dryRun) {
                return counted(function.answer(selection.put("dryRun", true)));
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

    private Answer replay(FunctionCall function, ObjectNode selection, Optional<Long> matching) {
        try (Interruptible interruptible = Interruptible.begin();
                ProgressDisplay progress = new ProgressDisplay(output().err())) {
            Replay replay = new Replay(
                    function,
                    progress,
                    selection,
                    rate.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                    limit.orElse(Long.MAX_VALUE),
                    interruptible::isInterrupted);
            try {
                Replay.Totals totals = replay.run(matching);
                if (interruptible.isInterrupted()) {
                    throw interrupted();
                }
                return replayed(totals);
            } catch (AbortedException e) {
                throw interruptible.isInterrupted() ? interrupted() : e;
            }
        }
    }

    private CannotRun interrupted() {
        return new CannotRun(
                "interrupted; what was replayed stays so, and the same command goes on with the rest",
                NextCommand.same(spec()));
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

    private Answer replayed(Replay.Totals totals) {
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
        if (totals.failed() > 0) {
            return Answer.wrong(data, screen -> print(totals, screen), NextCommand.line("doctor" + place.asOption()));
        }
        if (totals.parked() > 0) {
            return Answer.wrong(
                    data, screen -> print(totals, screen), NextCommand.line("dead-letters list" + place.asOption()));
        }
        return Answer.done(data, screen -> print(totals, screen));
    }

    private static void print(Replay.Totals totals, Screen screen) {
        screen.line("appended %d", totals.appended());
        screen.line("duplicate %d", totals.duplicate());
        screen.line("refused %d", totals.refused());
        if (totals.parked() > 0) {
            screen.line("parked %d (they failed too often)", totals.parked());
        }
        if (totals.failed() > 0) {
            screen.line(
                    "failed %d (they stay in their queues; the last one: %s; is the database up?)",
                    totals.failed(), totals.failure());
        }
    }

    /** Of a dry run. */
    private static Answer counted(ObjectNode answer) {
        List<List<String>> rows = StreamSupport.stream(answer.path("groups").spliterator(), false)
                .map(group -> List.of(
                        group.path("queue").asText(),
                        group.path("reason").asText(),
                        group.path("code").asText(),
                        group.path("messages").asText(),
                        group.path("oldest").asText(""),
                        group.path("newest").asText("")))
                .toList();
        return Answer.done(answer, screen -> {
                    screen.table(List.of("QUEUE", "REASON", "CODE", "MESSAGES", "OLDEST", "NEWEST"), rows);
                    screen.line(
                            "%s of %s messages that were looked at are meant; nothing was changed",
                            answer.path("matching").asText(),
                            answer.path("looked").asText());
                    if (!answer.path("complete").asBoolean()) {
                        screen.line(
                                "there are more than could be looked at: about %d wait in all", Replay.waiting(answer));
                    }
                })
                .listing("groups");
    }
}
