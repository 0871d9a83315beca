package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** A decision about parked messages: which ones, by whom and why. */
final class ParkedDecision {
    /** What the function takes at once. */
    private static final int IDS_PER_CALL = 100;

    private static final int PAGE = 1_000;

    /** What makes an outcome a success; everything else wants a look. */
    private static final Set<String> GOOD =
            Set.of("APPENDED", "DUPLICATE", "DROPPED", "ALREADY_RECORDED", "ALREADY_DROPPED");

    @Parameters(
            paramLabel = "ID",
            arity = "0..*",
            description = "Messages, by their IDs or at least the first 8 of their digits; or select them:")
    private List<String> ids = new ArrayList<>();

    @Mixin
    private ParkedFilter filter = new ParkedFilter();

    @Option(names = "--all", description = "All that wait.")
    private boolean all;

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            description = "Why. It is kept for ever, with the message's ID: name no customer.")
    private String why = "";

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description =
                    "Who decides (default: on AWS whoever the credentials belong to, elsewhere the user of this machine).")
    private Optional<String> by = Optional.empty();

    @Option(names = "--yes", description = "Do not ask for confirmation.")
    private boolean confirmed;

    @Option(names = "--dry-run", description = "Count the messages that are meant, and change nothing.")
    private boolean dryRun;

    @Mixin
    private ParkedPlace place = new ParkedPlace();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    int make(String verb) throws Exception {
        return output.run(() -> decide(verb));
    }

    private int decide(String verb) {
        boolean selects = all || filter.isGiven();
        if (ids.isEmpty() != selects) {
            throw new IllegalArgumentException(
                    "say which messages: IDs, or a selection by --reason, --since, --until or --all");
        }
        if (!dryRun && why.isBlank()) {
            throw new IllegalArgumentException("say why, by --why; it is kept with the decision");
        }
        try (FunctionCall function = place.open()) {
            List<String> meant = selects ? selected(function) : named(function);
            if (dryRun) {
                return conclude(JsonNodeFactory.instance
                        .objectNode()
                        .put("dryRun", true)
                        .put("messages", meant.size()));
            }
            if (!meant.isEmpty() && !confirmed && !isConfirmed(verb, meant.size())) {
                throw new IllegalArgumentException("nothing was done; --yes confirms without asking");
            }
            return conclude(carryOut(verb, meant, function));
        }
    }

    private List<String> named(FunctionCall function) {
        return List.copyOf(new LinkedHashSet<>(ids.stream()
                .map(id ->
                        DeadLettersCommand.found(function, id, false).path("id").asText())
                .toList()));
    }

    /** All of them first: what is decided about changes what is listed. */
    private List<String> selected(FunctionCall function) {
        List<String> selected = new ArrayList<>();
        ObjectNode request = filter.request("list", List.of("waiting")).put("limit", PAGE);
        while (true) {
            ObjectNode page = function.answer(request);
            page.path("messages")
                    .forEach(message -> selected.add(message.path("id").asText()));
            if (!page.has("next")) {
                return selected;
            }
            request.set("after", page.path("next"));
        }
    }

    private ObjectNode carryOut(String verb, List<String> meant, FunctionCall function) {
        String actor = by.orElseGet(place::caller);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        ArrayNode results = data.putArray("results");
        List<String> left = new ArrayList<>(meant);
        while (!left.isEmpty()) {
            List<String> batch = left.subList(0, Math.min(IDS_PER_CALL, left.size()));
            ObjectNode request = JsonNodeFactory.instance
                    .objectNode()
                    .put("verb", verb)
                    .put("actor", actor)
                    .put("reason", why);
            ArrayNode array = request.putArray("ids");
            batch.forEach(array::add);
            JsonNode done = function.answer(request).path("results");
            if (done.isEmpty()) {
                throw new IllegalStateException("the function had no time for a single message; try again");
            }
            done.forEach(results::add);
            left.subList(0, done.size()).clear();
            PrintWriter err = spec.commandLine().getErr();
            err.printf("%d of %d done%n", meant.size() - left.size(), meant.size());
            err.flush();
        }
        return data;
    }

    /** Only somebody at a terminal can be asked. */
    @SuppressWarnings("SystemConsoleNull") // by its documentation it may be, whatever recent JDKs do
    private static boolean isConfirmed(String verb, int messages) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return false;
        }
        return "yes".equals(console.readLine("%s %d messages? Type yes to confirm: ", verb, messages));
    }

    private int conclude(ObjectNode data) {
        boolean allGood = true;
        Map<String, Integer> outcomes = new TreeMap<>();
        for (JsonNode result : data.path("results")) {
            String outcome = result.path("outcome").asText();
            outcomes.merge(outcome, 1, Integer::sum);
            allGood &= GOOD.contains(outcome);
        }
        int exitCode = allGood ? OrderLedger.DONE : OrderLedger.FOUND_WRONG;
        if (!output.isTable()) {
            output.print(exitCode, data, dryRun ? "" : "results");
            return exitCode;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (dryRun) {
            out.println(data.path("messages").asText() + " messages are meant; nothing was changed");
            return exitCode;
        }
        for (JsonNode result : data.path("results")) {
            if (!GOOD.contains(result.path("outcome").asText())) {
                out.println(result.path("id").asText() + " "
                        + result.path("outcome").asText() + " "
                        + DeadLettersCommand.printable(result.path("detail").asText()));
            }
        }
        outcomes.forEach((outcome, count) ->
                out.println(outcome.toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + " " + count));
        if (outcomes.isEmpty()) {
            out.println("no message is meant");
        }
        return exitCode;
    }
}
