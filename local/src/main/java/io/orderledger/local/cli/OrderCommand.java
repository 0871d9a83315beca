package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code order-ledger order}: one order's timeline. */
@Command(
        name = "order",
        description = {
            "Prints one order's events: when each occurred and was recorded, by which way it came, and the block that it is sealed in.",
            "'late' behind a block: it was committed after later positions had been sealed. Without personal data. Connects as ledger_reader."
        },
        exitCodeList = {"0:done", "1:there is no such order", "2:could not run"})
final class OrderCommand extends ReportingCommand {
    private static final String ROLE = "ledger_reader";
    private static final int BLOCK = 7;

    @Parameters(paramLabel = "ORDER_ID", description = "The order's ID, a UUID.")
    @SuppressWarnings("NullAway.Init") // picocli demands it
    private UUID orderId;

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Override
    Answer answer() {
        List<Events.Event> events = new Events(database.connections(ROLE)).of(orderId);
        ObjectNode data = Answer.object().put("orderId", orderId.toString());
        ArrayNode array = data.putArray("events");
        events.forEach(event -> array.add(EventTable.json(event)));
        if (events.isEmpty()) {
            return Answer.wrong(
                            data,
                            screen -> screen.line(
                                    "No event of order %s is recorded. What was accepted may be on its way, or wait in a"
                                            + " dead-letter queue.",
                                    orderId),
                            NextCommand.line("replay --dry-run" + instance()))
                    .listing("events");
        }
        return Answer.done(data, screen -> print(events, screen)).listing("events");
    }

    /** Queues are of an instance; of a database that was named, nobody knows which. */
    private String instance() {
        return database.isNamed() ? "" : database.asOption();
    }

    static void print(List<Events.Event> events, Screen screen) {
        screen.table(
                List.of(
                        "VERSION",
                        "TYPE",
                        "OCCURRED (UTC)",
                        "GAP",
                        "RECORDED (UTC)",
                        "PATH",
                        "POSITION",
                        "BLOCK",
                        "EVENT"),
                events.stream().map(EventTable::timeline).toList(),
                (column, text) -> column == BLOCK ? EventTable.tone(text) : Screen.Tone.PLAIN);
    }
}
