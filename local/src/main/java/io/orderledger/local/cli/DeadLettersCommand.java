package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code order-ledger dead-letters}: what is parked, because it was refused or failed too often. */
@Command(
        name = "dead-letters",
        description = {
            "Lists, shows, tries again or drops messages that are parked in the ledger: refused, because they are in conflict or invalid,",
            "or failed too often. What still waits in the dead-letter queues is replayed by order-ledger replay."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            DeadLettersCommand.ListVerb.class,
            DeadLettersCommand.ShowVerb.class,
            ParkedReplayCommand.class,
            ParkedDropCommand.class
        },
        synopsisSubcommandLabel = "(list | show | replay | drop)")
final class DeadLettersCommand {
    /** How much of an ID is shown to people; the beginning stands for the whole. */
    private static final int SHOWN_ID_DIGITS = 16;

    private static final int MAX_LIMIT = 1_000;

    @Command(
            name = "list",
            description = "Lists parked messages in the order in which they came, without personal data.",
            mixinStandardHelpOptions = true)
    static final class ListVerb implements Callable<Integer> {
        @Mixin
        private ParkedPlace place = new ParkedPlace();

        @Mixin
        private ParkedFilter filter = new ParkedFilter();

        @Option(
                names = "--state",
                paramLabel = "STATE",
                defaultValue = "waiting",
                description = "waiting, recorded, dropped or all (default: ${DEFAULT-VALUE}).")
        private String state = "waiting";

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "At most so many, up to 1000 (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Option(
                names = "--after",
                paramLabel = "ID",
                description = "Go on behind this message: the next that a page ended with.")
        private String after = "";

        @Mixin
        private OutputOption output = new OutputOption();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before run
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            return output.run(this::list);
        }

        private int list() {
            if (limit < 1 || limit > MAX_LIMIT) {
                throw new IllegalArgumentException("--limit must be from 1 to " + MAX_LIMIT);
            }
            ObjectNode request = filter.request("list", state.equals("all") ? List.of() : List.of(state))
                    .put("limit", limit);
            if (!after.isEmpty()) {
                request.put("after", after);
            }
            ObjectNode answer;
            try (FunctionCall function = place.open()) {
                answer = function.answer(request);
            }
            if (output.isTable()) {
                print(answer, spec.commandLine().getOut());
            } else {
                output.print(OrderLedger.DONE, answer, "messages");
            }
            return OrderLedger.DONE;
        }

        private static void print(ObjectNode answer, PrintWriter out) {
            List<List<String>> rows = StreamSupport.stream(
                            answer.path("messages").spliterator(), false)
                    .map(message -> List.of(
                            message.path("id").asText().substring(0, SHOWN_ID_DIGITS),
                            message.path("reason").asText(),
                            message.path("state").asText() + (message.has("erasedAt") ? " (erased)" : ""),
                            message.path("requestedAt").asText(""),
                            message.path("orderId").asText(""),
                            JsonLine.printable(message.path("detail").asText())))
                    .toList();
            if (rows.isEmpty()) {
                out.println(
                        "No message is parked that is meant. What waits in the queues: order-ledger replay --dry-run");
                return;
            }
            Table.print(List.of("ID", "REASON", "STATE", "REQUESTED", "ORDER", "DETAIL"), rows, out);
            if (answer.has("next")) {
                out.println("There may be more: --after " + answer.path("next").asText());
            }
        }
    }

    @Command(
            name = "show",
            description = {
                "Shows one parked message and what was done about it.",
                "What may be personal data is withheld; whoever may see it asks for it by --personal-data."
            },
            mixinStandardHelpOptions = true)
    static final class ShowVerb implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The message's ID, or at least the first 8 of its digits.")
        private String id = "";

        @Option(names = "--personal-data", description = "Show the message as it came, personal data and all.")
        private boolean personalData;

        @Mixin
        private ParkedPlace place = new ParkedPlace();

        @Mixin
        private OutputOption output = new OutputOption();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before run
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            return output.run(this::show);
        }

        private int show() {
            ObjectNode answer;
            try (FunctionCall function = place.open()) {
                answer = found(function, id, personalData);
            }
            if (output.isTable()) {
                print(answer, spec.commandLine().getOut());
            } else {
                output.print(OrderLedger.DONE, answer, "");
            }
            return OrderLedger.DONE;
        }

        private static void print(ObjectNode message, PrintWriter out) {
            for (String field : List.of(
                    "id",
                    "reason",
                    "state",
                    "detail",
                    "path",
                    "eventId",
                    "orderId",
                    "requestedAt",
                    "refusedAt",
                    "erasedAt")) {
                if (message.has(field)) {
                    out.printf(
                            "%-12s %s%n", field, printable(message.path(field).asText()));
                }
            }
            for (JsonNode action : message.path("actions")) {
                out.printf(
                        "%-12s %s %s by %s: %s%n",
                        "action",
                        action.path("actedAt").asText(),
                        action.path("outcome").asText(),
                        printable(action.path("actor").asText()),
                        printable(action.path("reason").asText()));
            }
            if (message.has("content")) {
                JsonNode content = message.path("content");
                out.println(content.isTextual() ? printable(content.asText()) : content.toPrettyString());
            }
        }
    }

    /**
     * The message that an ID, or the beginning of one, means.
     *
     * @throws IllegalArgumentException if it means none, or several
     */
    static ObjectNode found(FunctionCall function, String id, boolean personalData) {
        ObjectNode request =
                JsonNodeFactory.instance.objectNode().put("verb", "show").put("id", id);
        ObjectNode answer = function.answer(personalData ? request.put("personalData", true) : request);
        return switch (answer.path("found").asInt()) {
            case 1 -> answer;
            case 0 ->
                throw new IllegalArgumentException(
                        "no message is parked as " + id + "; see dead-letters list --state all");
            default -> throw new IllegalArgumentException(id + " is the beginning of several IDs; give more digits");
        };
    }

    /** Text of others, without what a terminal takes for a command. */
    static String printable(String text) {
        return text.codePoints()
                .map(character -> Character.isISOControl(character) ? '?' : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
