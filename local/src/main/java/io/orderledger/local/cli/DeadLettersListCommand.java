package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code order-ledger dead-letters list}. */
@Command(
        name = "list",
        description = {
            "Lists parked messages in the order in which they came, without personal data;",
            "or, by --queue, the messages of the dead-letter queues."
        })
final class DeadLettersListCommand extends ReportingCommand {
    /** How much of an ID is shown to people; the beginning stands for the whole. */
    private static final int SHOWN_ID_DIGITS = 16;

    private static final int MAX_LIMIT = 1_000;
    private static final String WAITING = "waiting";

    @Mixin
    private ParkedPlace place = new ParkedPlace();

    @Mixin
    private QueueOption queue = new QueueOption();

    @Mixin
    private ParkedFilter filter = new ParkedFilter();

    @Option(
            names = "--state",
            paramLabel = "STATE",
            defaultValue = WAITING,
            description = "Of parked messages: waiting, recorded, dropped or all (default: ${DEFAULT-VALUE}).")
    private String state = WAITING;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many, up to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--after",
            paramLabel = "ID",
            description = "Of parked messages: go on behind this one, the next that a page ended with.")
    private String after = "";

    @Override
    Answer answer() {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("--limit must be from 1 to " + MAX_LIMIT);
        }
        return queue.isGiven() ? waiting() : parked();
    }

    private Answer parked() {
        ObjectNode request = filter.request("list", state.equals("all") ? List.of() : List.of(state))
                .put("limit", limit);
        if (!after.isEmpty()) {
            request.put("after", after);
        }
        ObjectNode found;
        try (FunctionCall function = place.open()) {
            found = function.answer(request);
        }
        Answer answer = Answer.done(found, screen -> parked(found, screen)).listing("messages");
        if (found.has("next")) {
            return answer.next(NextCommand.line(
                    "dead-letters list --after " + found.path("next").asText() + place.asOption()));
        }
        return found.path("messages").isEmpty()
                ? answer.next(NextCommand.line("replay --dry-run" + place.asOption()))
                : answer;
    }

    private static void parked(ObjectNode found, Screen screen) {
        List<List<String>> rows = rows(
                found.path("messages"),
                message -> List.of(
                        message.path("id").asText().substring(0, SHOWN_ID_DIGITS),
                        message.path("reason").asText(),
                        message.path("state").asText() + (message.has("erasedAt") ? " (erased)" : ""),
                        message.path("requestedAt").asText(""),
                        message.path("orderId").asText(""),
                        message.path("detail").asText()));
        if (rows.isEmpty()) {
            screen.line("No message is parked that is meant.");
        } else {
            screen.table(List.of("ID", "REASON", "STATE", "REQUESTED", "ORDER", "DETAIL"), rows);
        }
    }

    private Answer waiting() {
        if (!after.isEmpty() || !state.equals(WAITING)) {
            throw new IllegalArgumentException("--state and --after are for parked messages, not for a --queue");
        }
        output().err().println("order-ledger: " + QueueOption.warning());
        output().err().flush();
        ObjectNode request = queue.look(limit);
        filter.putInto(request);
        ObjectNode found;
        try (FunctionCall function = place.queues()) {
            found = function.answer(request);
        }
        return Answer.done(found, screen -> waiting(found, screen)).listing("messages");
    }

    private static void waiting(ObjectNode found, Screen screen) {
        List<List<String>> rows = rows(
                found.path("messages"),
                message -> List.of(
                        message.path("messageId").asText(),
                        message.path("queue").asText(),
                        message.path("reason").asText(),
                        message.path("code").asText(),
                        message.path("requestedAt").asText(""),
                        message.path("orderId").asText(""),
                        message.path("receives").asText()));
        screen.table(List.of("MESSAGE", "QUEUE", "REASON", "CODE", "REQUESTED", "ORDER", "RECEIVES"), rows);
        screen.line(
                "%s of %s messages that were looked at are meant; all were given back",
                found.path("matching").asText(), found.path("looked").asText());
    }

    private interface Row {
        List<String> of(JsonNode message);
    }

    private static List<List<String>> rows(JsonNode messages, Row row) {
        return StreamSupport.stream(messages.spliterator(), false).map(row::of).toList();
    }
}
