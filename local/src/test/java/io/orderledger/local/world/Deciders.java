package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.world.LedgerRows.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** People who look at refused and parked messages, and decide about them: try again, or drop. Each says who he is and why. */
final class Deciders {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String KEPT = "every decision is kept, with who made it and why";

    private final World world;
    private final Chance chance;
    private final List<Asked> asked = new ArrayList<>();

    /** A decision that somebody asked for, under a reason of its own; and its outcome, if he was told one. */
    private static final class Asked {
        private final String verb;
        private final String actor;
        private final String reason;
        private final List<String> ids;
        private final Map<String, String> told = new HashMap<>();

        Asked(String verb, String actor, String reason, List<String> ids) {
            this.verb = verb;
            this.actor = actor;
            this.reason = reason;
            this.ids = ids;
        }
    }

    Deciders(World world) {
        this.world = world;
        this.chance = world.chance();
    }

    void plan(Duration within) {
        for (int i = chance.between(0, 4); i > 0; i--) {
            world.time()
                    .after(chance.duration(Duration.ofMinutes(1), within), () -> decide(chance.happens(0.6), false));
        }
    }

    /** Tries everything again that was parked because it failed; false if it cannot be told whether something still waits. */
    boolean retryFailed() {
        decide(true, true);
        return waiting(true).map(List::isEmpty).orElse(false);
    }

    private void decide(boolean retry, boolean failedOnly) {
        List<String> ids = waiting(failedOnly).orElse(List.of()).stream()
                .filter(_ -> failedOnly || chance.happens(0.5))
                .toList();
        if (ids.isEmpty()) {
            return;
        }
        var decision =
                new Asked(retry ? "replay" : "drop", "operator " + chance.between(1, 3), "reason " + asked.size(), ids);
        asked.add(decision);
        ObjectNode event = JSON.createObjectNode()
                .put("verb", decision.verb)
                .put("actor", decision.actor)
                .put("reason", decision.reason);
        ArrayNode named = event.putArray("ids");
        ids.forEach(named::add);
        Optional<JsonNode> answer = world.operators().invoke("ManageParked", event.toString());
        answer.ifPresent(given -> given.get("results")
                .forEach(result -> decision.told.put(
                        result.get("id").asText(), result.get("outcome").asText())));
        world.trace()
                .add(
                        "decided",
                        decision.verb,
                        ids.size(),
                        decision.told.values().stream().sorted().toList());
    }

    private Optional<List<String>> waiting(boolean failedOnly) {
        ObjectNode event = JSON.createObjectNode().put("verb", "list");
        event.putArray("states").add("WAITING");
        if (failedOnly) {
            event.putArray("reasons").add("FAILED");
        }
        return world.operators().invoke("ManageParked", event.toString()).map(answer -> {
            List<JsonNode> messages = new ArrayList<>();
            answer.get("messages").forEach(messages::add);
            // By what comes from the seed: an ID is a hash over the message, in which services write IDs of their own.
            messages.sort(
                    Comparator.comparing(message -> message.path("eventId").asText()
                            + message.get("reason")
                            + message.path("requestedAt")
                            + message.get("refusedAt")));
            return messages.stream().map(message -> message.get("id").asText()).toList();
        });
    }

    int decisions() {
        return asked.stream().mapToInt(each -> each.ids.size()).sum();
    }

    /** Compares the decisions on record with those that were asked for. */
    void check(List<Decision> decisions, BiConsumer<String, Object> broken) {
        Map<String, Integer> last = new HashMap<>();
        for (Decision decision : decisions) {
            boolean wanted = asked.stream().anyMatch(each -> isOf(decision, each));
            if (!wanted) {
                broken.accept("only what somebody decided is done", decision);
            }
            boolean isLast = List.of("APPENDED", "DUPLICATE", "DROPPED").contains(decision.outcome());
            if (last.merge(decision.messageId(), isLast ? 1 : 0, Integer::sum) > 1) {
                broken.accept("a message is decided about once", decision);
            }
        }
        for (Asked each : asked) {
            each.told.forEach((id, outcome) -> {
                boolean done = List.of("APPENDED", "DUPLICATE", "REFUSED", "FAILED", "DROPPED")
                        .contains(outcome);
                boolean kept = decisions.stream()
                        .anyMatch(decision -> isOf(decision, each)
                                && decision.messageId().equals(id)
                                && decision.outcome().equals(outcome));
                if (done && !kept) {
                    broken.accept(KEPT, each.verb + " of " + id + ": " + outcome);
                }
            });
        }
    }

    private static boolean isOf(Decision decision, Asked each) {
        return each.reason.equals(decision.reason())
                && each.actor.equals(decision.actor())
                && each.ids.contains(decision.messageId())
                && each.verb.equals("drop") == decision.outcome().equals("DROPPED");
    }
}
