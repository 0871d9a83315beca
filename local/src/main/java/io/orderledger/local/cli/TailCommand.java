package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code order-ledger tail}: the newest events, and those that come. */
@Command(
        name = "tail",
        description = {
            "Prints the newest events, block by block, and with --follow those that come. Without personal data.",
            "It follows blocks and not positions, so it misses nothing that is committed late. Connects as ledger_reader."
        },
        exitCodeList = {"0:done", "2:could not run"})
final class TailCommand extends ReportingCommand {
    private static final String ROLE = "ledger_reader";
    private static final int MAX_EVENTS = 10_000;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    /** Blocks that are read at once: each has at most some thousand events. */
    private static final int BLOCKS_AT_ONCE = 50;

    private static final List<String> HEADS =
            List.of("BLOCK", "POSITION", "RECORDED (UTC)", "GAP", "TYPE", "ORDER", "VERSION");
    private static final int[] WIDTHS = {9, 8, 23, 7, 18, 36, 7};

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "10",
            description = "How many of the newest events, up to 10000 (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is recorded, until interrupted.")
    private boolean follow;

    @Option(
            names = "--after",
            paramLabel = "BLOCK",
            description = "All events after this block, instead of the newest.")
    private Optional<Long> after = Optional.empty();

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Print only events of this type, such as OrderCancelled.")
    private Optional<String> type = Optional.empty();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Override
    Answer answer() throws InterruptedException {
        if (lines < 1 || lines > MAX_EVENTS) {
            throw new IllegalArgumentException("--lines must be from 1 to " + MAX_EVENTS);
        }
        if (follow && output().isOneDocument()) {
            throw new CannotRun(
                    "--follow never ends, so it cannot be one JSON document",
                    NextCommand.sameWith(spec(), "").replace("-o json", "-o ndjson"));
        }
        Events events = new Events(database.connections(ROLE));
        long newest = events.newestBlock();
        long from = Math.min(newest, after.orElseGet(() -> events.blockBeforeLast(lines)));
        if (follow) {
            return follow(events, from, newest);
        }
        List<Events.Event> last = last(events, from, newest);
        ObjectNode data = Answer.object().put("block", newest);
        ArrayNode array = data.putArray("events");
        last.forEach(event -> array.add(EventTable.json(event)));
        return Answer.done(data, screen -> {
                    heads(screen);
                    last.forEach(event -> print(event, screen));
                })
                .listing("events");
    }

    private List<Events.Event> last(Events events, long from, long newest) {
        List<Events.Event> found =
                events.ofBlocks(from, after.isPresent() ? Math.min(newest, from + MAX_EVENTS) : newest).stream()
                        .filter(this::isMeant)
                        .toList();
        return after.isPresent() ? found : found.subList(Math.max(0, found.size() - lines), found.size());
    }

    /** Until it is interrupted, or nobody reads any more. A database that goes away is waited for: it is what one watches, too. */
    private Answer follow(Events events, long from, long newest) throws InterruptedException {
        Screen screen = output().screen();
        if (output().isTable()) {
            heads(screen);
            screen.flush();
        }
        last(events, from, newest).forEach(event -> tell(event, screen));
        long reached = newest;
        boolean away = false;
        while (!screen.isClosed()) {
            try {
                long height = Math.min(events.newestBlock(), reached + BLOCKS_AT_ONCE);
                if (away) {
                    away = false;
                    notice("the database is back");
                }
                if (height > reached) {
                    events.ofBlocks(reached, height).stream()
                            .filter(this::isMeant)
                            .forEach(event -> tell(event, screen));
                    reached = height;
                    continue;
                }
            } catch (Events.DatabaseAway e) {
                if (!away) {
                    away = true;
                    notice(e.getMessage() + "; waiting until it does");
                }
            }
            Thread.sleep(LOOK_AGAIN);
        }
        return Answer.done(Answer.object(), closed -> {});
    }

    private void notice(String text) {
        output().err().println("order-ledger: " + text);
        output().err().flush();
    }

    private boolean isMeant(Events.Event event) {
        return type.map(event.type()::equals).orElse(true);
    }

    private void tell(Events.Event event, Screen screen) {
        if (output().isTable()) {
            print(event, screen);
            screen.flush();
        } else {
            output().line(EventTable.json(event));
        }
    }

    private static void heads(Screen screen) {
        screen.row(HEADS, WIDTHS, (column, text) -> Screen.Tone.STRONG);
    }

    private static void print(Events.Event event, Screen screen) {
        screen.row(
                List.of(
                        EventTable.block(event),
                        Long.toString(event.position()),
                        EventTable.time(event.recordedAt()),
                        "+" + EventTable.told(EventTable.gap(event)),
                        event.type(),
                        event.orderId().toString(),
                        Integer.toString(event.version())),
                WIDTHS,
                (column, text) -> column == 0 ? EventTable.tone(text) : Screen.Tone.PLAIN);
    }
}
