package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.world.LedgerRows.Event;
import io.orderledger.local.world.OrderFold.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Those who read through the API, at any moment, while everything goes wrong: the list now and as of a block, single orders, histories, and
 * what became of requests. What they were told is compared with what was true, and later with what the ledger says of that block.
 */
final class Readers {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;
    private static final int MAX_PAGES = 50;
    private static final String NOT_TRUE = "what a reader is told is true";

    private final World world;
    private final LedgerRows rows;
    private final Chance chance;
    private final List<ListAsOf> lists = new ArrayList<>();
    private final List<Row> shown = new ArrayList<>();
    private int answers;

    /** A whole list as of a block, page after page. */
    private record ListAsOf(long height, List<Row> orders) {}

    private record Answer(int status, JsonNode body) {}

    Readers(World world, LedgerRows rows) {
        this.world = world;
        this.rows = rows;
        this.chance = world.chance();
    }

    /** Plans what they look at. */
    void plan(Duration within) {
        for (int i = chance.between(2, 8); i > 0; i--) {
            Runnable look = chance.pick(List.<Runnable>of(
                    this::listAsOf, this::listNow, this::order, this::history, this::fate, this::fate));
            world.time().after(chance.duration(Duration.ofMillis(100), within), look);
        }
    }

    private void listAsOf() {
        long newest = rows.newestHeight();
        long height = chance.nextLong(newest + 1);
        int limit = chance.between(1, 5);
        List<Row> orders = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        for (int page = 0; page < MAX_PAGES; page++) {
            ObjectNode query =
                    JSON.createObjectNode().put("asOf", Long.toString(height)).put("limit", Integer.toString(limit));
            cursor.ifPresent(text -> query.put("cursor", text));
            Optional<Answer> answer = get("/orders", JSON.createObjectNode(), query);
            if (answer.isEmpty() || answer.get().status() != OK) {
                answer.ifPresent(given -> demandPassing(given, "list as of block " + height));
                return;
            }
            answer.get().body().get("orders").forEach(order -> orders.add(OrderFold.shown(order)));
            JsonNode next = answer.get().body().path("next");
            if (!next.isTextual()) {
                lists.add(new ListAsOf(height, orders));
                return;
            }
            cursor = Optional.of(next.asText());
        }
        world.checker().broken("a list comes to its end", "as of block " + height);
    }

    private void listNow() {
        get("/orders", JSON.createObjectNode(), JSON.createObjectNode()).ifPresent(answer -> {
            if (answer.status() == OK) {
                answer.body().get("orders").forEach(order -> shown.add(OrderFold.shown(order)));
            } else {
                demandPassing(answer, "list");
            }
        });
    }

    private void order() {
        ask(world.requests().orders(), "orderId", "/orders/{orderId}").ifPresent(answer -> {
            if (answer.status() == OK) {
                shown.add(OrderFold.shown(answer.body()));
            } else if (answer.status() != NOT_FOUND) {
                demandPassing(answer, "order");
            }
        });
    }

    /** A history shows at least what was there when it was asked for, and nothing that is not there. */
    private void history() {
        List<UUID> orders = world.requests().orders();
        if (orders.isEmpty()) {
            return;
        }
        UUID orderId = chance.pick(orders);
        int before = rows.eventsOf(orderId);
        get(
                        "/orders/{orderId}/history",
                        JSON.createObjectNode().put("orderId", orderId.toString()),
                        JSON.createObjectNode())
                .ifPresent(answer -> {
                    int after = rows.eventsOf(orderId);
                    int told = answer.body().path("events").size();
                    boolean isRight =
                            answer.status() == OK ? told >= Math.max(1, before) && told <= after : before == 0;
                    if (!isRight && answer.status() != UNAVAILABLE) {
                        world.checker()
                                .broken(
                                        NOT_TRUE,
                                        "history of order " + orderId + " has " + told + " events, with " + before
                                                + " to " + after + " in the ledger: " + answer.status());
                    }
                });
    }

    private void fate() {
        List<UUID> known = world.requests().eventIds();
        if (!known.isEmpty()) {
            demandFate(chance.nextInt(10) == 0 ? chance.uuid() : chance.pick(known));
        }
    }

    /** What was decided before the question must be in the answer, and what is in the answer must be decided afterwards. */
    private void demandFate(UUID eventId) {
        boolean recorded = rows.isRecorded(eventId);
        boolean refused = rows.isRefused(eventId);
        get("/requests/{eventId}", JSON.createObjectNode().put("eventId", eventId.toString()), JSON.createObjectNode())
                .filter(answer -> answer.status() != UNAVAILABLE)
                .ifPresent(answer -> {
                    String state = answer.body().path("state").asText();
                    boolean isRight = answer.status() == OK
                            && switch (state) {
                                case "RECORDED" -> rows.isRecorded(eventId);
                                case "REFUSED" -> !recorded && rows.isRefused(eventId);
                                case "NOT_RECORDED" -> !recorded && !refused;
                                default -> false;
                            };
                    if (!isRight) {
                        world.checker()
                                .broken(NOT_TRUE, "request " + eventId + " is " + state + " (" + answer.status() + ")");
                    }
                });
    }

    private Optional<Answer> ask(List<UUID> among, String name, String resource) {
        return among.isEmpty()
                ? Optional.empty()
                : get(
                        resource,
                        JSON.createObjectNode().put(name, chance.pick(among).toString()),
                        JSON.createObjectNode());
    }

    private Optional<Answer> get(String resource, ObjectNode path, ObjectNode query) {
        ObjectNode event = JSON.createObjectNode().put("httpMethod", "GET").put("resource", resource);
        event.set("pathParameters", path);
        event.set("queryStringParameters", query);
        event.putObject("requestContext").put("extendedRequestId", "reader");
        Optional<Answer> answer = world.operators()
                .invoke("ListOrders", event.toString())
                .map(given -> new Answer(
                        given.get("statusCode").asInt(),
                        LedgerRows.json(given.get("body").asText())));
        answer.ifPresent(given -> {
            answers++;
            world.trace().add("read", resource, path, query, given.status());
        });
        return answer;
    }

    /** Whoever cannot be told now is told so. */
    private void demandPassing(Answer answer, String what) {
        if (answer.status() != UNAVAILABLE) {
            world.checker().broken(NOT_TRUE, what + " answers " + answer.status() + " " + answer.body());
        }
    }

    int answers() {
        return answers;
    }

    /** Compares what was shown with what the ledger says of it now. */
    void check(List<Event> events, BiConsumer<String, Object> broken) {
        for (ListAsOf list : lists) {
            List<Event> visible = events.stream()
                    .filter(event -> event.block().isPresent() && event.block().getAsLong() <= list.height())
                    .toList();
            Comparator<Row> newestFirst = Comparator.comparing(Row::placedAt)
                    .thenComparing(row -> row.orderId().toString());
            List<Row> expected = OrderFold.of(visible, OrderFold.View.NEWEST).values().stream()
                    .sorted(newestFirst.reversed())
                    .toList();
            if (!list.orders().equals(expected)) {
                broken.accept(
                        "the list as of a block is what followed from it",
                        "block " + list.height() + ": " + list.orders() + " and not " + expected);
            }
        }
        Map<UUID, List<Event>> byOrder = events.stream().collect(Collectors.groupingBy(Event::orderId));
        Set<Row> distinct = new HashSet<>(shown);
        for (Row row : distinct) {
            List<Event> order = byOrder.getOrDefault(row.orderId(), List.of()).stream()
                    .filter(event -> event.version() <= row.version())
                    .toList();
            if (!Optional.of(row).equals(OrderFold.row(order, OrderFold.View.NEWEST))) {
                broken.accept("what is shown of an order followed from its events", row);
            }
        }
    }
}
