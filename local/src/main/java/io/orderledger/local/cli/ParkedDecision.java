package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Option(names = "--dry-run", description = "Count the messages that are meant, and change nothing.")
    private boolean dryRun;

    @Mixin
    private ParkedPlace place = new ParkedPlace();

    Answer make(String verb, ProgressDisplay progress) {
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
                return Answer.done(
                        Answer.object().put("dryRun", true).put("messages", meant.size()),
                        screen -> screen.line("%d messages are meant; nothing was changed", meant.size()));
            }
            if (!meant.isEmpty()) {
                confirmation.demand("%s %d messages? Type yes to confirm".formatted(verb, meant.size()), "yes");
            }
            return answer(carryOut(verb, meant, function, progress));
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

    private ObjectNode carryOut(String verb, List<String> meant, FunctionCall function, ProgressDisplay progress) {
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
                throw new CannotRun("the function had no time for a single message; try again", "dead-letters list");
            }
            done.forEach(results::add);
            left.subList(0, done.size()).clear();
            progress.print("%d of %d done".formatted(meant.size() - left.size(), meant.size()));
        }
        return data;
    }

    private static Answer answer(ObjectNode data) {
        boolean allGood = true;
        Map<String, Integer> outcomes = new TreeMap<>();
        for (JsonNode result : data.path("results")) {
            String outcome = result.path("outcome").asText();
            outcomes.merge(outcome, 1, Integer::sum);
            allGood &= GOOD.contains(outcome);
        }
        Answer answer = allGood
                ? Answer.done(data, screen -> print(data, outcomes, screen))
                : Answer.wrong(data, screen -> print(data, outcomes, screen), NextCommand.line("dead-letters list"));
        return answer.listing("results");
    }

    private static void print(ObjectNode data, Map<String, Integer> outcomes, Screen screen) {
        for (JsonNode result : data.path("results")) {
            if (!GOOD.contains(result.path("outcome").asText())) {
                screen.line(
                        "%s %s %s",
                        result.path("id").asText(),
                        result.path("outcome").asText(),
                        Screen.printable(result.path("detail").asText()));
            }
        }
        outcomes.forEach((outcome, count) ->
                screen.line("%s %d", outcome.toLowerCase(Locale.ROOT).replace('_', ' '), count));
        if (outcomes.isEmpty()) {
            screen.line("no message is meant");
        }
    }
}
