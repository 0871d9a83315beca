package io.orderledger.local.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.smoke.Caller.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Places two orders, sends everything twice, cancels, lists, reads back, and tries what must be refused. It leaves two cancelled
 * orders of a customer of its own in the ledger, which forgets nothing.
 *
 * <p>A placed order must arrive: a bus that does not exist answers every request with success, and only reading tells.
 */
public final class SmokeTest {
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_CHARACTERS = 204_801;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final String JSON = "application/json";

    private final Caller caller;
    private final Duration arrivesWithin;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final String customer = "smoke-" + UUID.randomUUID();
    private final UUID order = UUID.randomUUID();
    private final UUID secondOrder = UUID.randomUUID();
    private final UUID cancellation = UUID.randomUUID();

    /**
     * A test of one API, to be run once.
     *
     * @param arrivesWithin how long a placed order may take until it can be read
     */
    public SmokeTest(Caller caller, Duration arrivesWithin) {
        this.caller = caller;
        this.arrivesWithin = arrivesWithin;
    }

    /**
     * Runs every step, those after a failed one too.
     *
     * @throws java.io.UncheckedIOException if nothing answers
     * @throws CouldNotStart if the caller may not even place an order
     */
    public List<Outcome> run() {
        placing();
        reading();
        cancelling();
        refusals();
        return List.copyOf(outcomes);
    }

    private void placing() {
        step("place an order", () -> {
            Answer answer = place(order);
            if (answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN) {
                throw new CouldNotStart(answer.told());
            }
            return demand(
                    answer,
                    isStored(answer, order)
                            && caller.leadsTo(answer.header("Location"), "/orders", "/orders/" + order)
                            && caller.leadsTo(target(answer.header("Link")), "/orders", "/requests/" + order),
                    order);
        });
        step("place it again under the same key", () -> {
            Answer answer = place(order);
            return demand(answer, isStored(answer, order), "the same order");
        });
        step("place a second order", () -> {
            Answer answer = place(secondOrder);
            return demand(answer, isStored(answer, secondOrder), secondOrder);
        });
        step("both orders arrive", () -> {
            boolean arrived = await(() -> caller.get("/orders/" + order).status() == OK
                    && caller.get("/orders/" + secondOrder).status() == OK);
            return arrived
                    ? passed("in the list")
                    : failed("answered 200 and not to be read after " + arrivesWithin.toSeconds()
                            + " s: is the bus that api.yaml names the rule's bus? Look into the dead-letter queues");
        });
    }

    private void reading() {
        step("read one order", () -> {
            Answer answer = caller.get("/orders/" + order);
            boolean fits = answer.status() == OK
                    && answer.text("orderId").equals(order.toString())
                    && answer.text("status").equals("PLACED")
                    && answer.text("customerId").equals(customer)
                    && answer.body().path("total").asLong() == 1_900;
            return demand(answer, fits, "PLACED, 1900 GBP");
        });
        step("read what became of the request", () -> {
            Answer answer = caller.get("/requests/" + order);
            return demand(answer, isRecorded(answer, order, 1), "RECORDED, version 1");
        });
        step("list by customer, page by page", () -> {
            Answer first = caller.get("/orders?limit=1&customer=" + customer);
            Answer second = caller.get("/orders?limit=1&customer=" + customer + "&cursor="
                    + first.body().path("next").asText());
            List<String> listed = new ArrayList<>(ids(first));
            listed.addAll(ids(second));
            boolean fits = listed.size() == 2 && listed.containsAll(List.of(order.toString(), secondOrder.toString()));
            return demand(second, fits && second.body().path("next").isNull(), "each order once");
        });
    }

    private void cancelling() {
        step("cancel the order", () -> cancelled(order, cancellation, "a"));
        step("read what became of the cancellation", () -> {
            Answer answer = caller.get("/requests/" + cancellation);
            return demand(answer, isRecorded(answer, order, 2), "RECORDED, version 2");
        });
        step("cancel it again under the same key", () -> cancelled(order, cancellation, "a"));
        step("refuse the key for another cancellation", () -> refused(cancel(order, cancellation, "b"), 409));
        step("cancel the second order", () -> cancelled(secondOrder, UUID.randomUUID(), "c"));
        step("list the cancelled orders", () -> {
            boolean listed = await(() -> ids(caller.get("/orders?status=CANCELLED&customer=" + customer))
                            .size()
                    == 2);
            Answer open = caller.get("/orders?status=PLACED&customer=" + customer);
            return demand(open, listed && ids(open).isEmpty(), "both are CANCELLED");
        });
        step("read the order's history", () -> {
            Answer answer = caller.get("/orders/" + order + "/history");
            JsonNode events = answer.body().path("events");
            boolean fits = events.size() == 2
                    && isEvent(events.path(0), "OrderPlaced", order, 1)
                    && isEvent(events.path(1), "OrderCancelled", cancellation, 2);
            return demand(answer, fits, "two events, each once");
        });
    }

    private void refusals() {
        step("refuse an order without items", () -> refused(send("POST", "/orders", JSON, "{}"), 400));
        step("refuse another content type", () -> refused(send("POST", "/orders", "text/plain", "order"), 415));
        step("refuse a body that is too large", () -> {
            String padded = " ".repeat(TOO_MANY_CHARACTERS) + order("x");
            return refused(send("POST", "/orders", JSON, padded), 413);
        });
        step("know no order that was never placed", () -> {
            Answer answer = caller.get("/orders/" + UUID.randomUUID());
            return demand(
                    answer,
                    answer.status() == 404 && !answer.header("Retry-After").isEmpty(),
                    "404, Retry-After");
        });
        step("know of no request that was never sent", () -> {
            Answer answer = caller.get("/requests/" + UUID.randomUUID());
            boolean fits = answer.status() == OK
                    && answer.text("state").equals("NOT_RECORDED")
                    && !answer.header("Retry-After").isEmpty();
            return demand(answer, fits, "NOT_RECORDED, Retry-After");
        });
    }

    private record Verdict(boolean passed, String detail) {}

    private void step(String what, Supplier<Verdict> trial) {
        long start = System.nanoTime();
        Verdict verdict = trial.get();
        outcomes.add(
                new Outcome(what, verdict.passed(), Duration.ofNanos(System.nanoTime() - start), verdict.detail()));
    }

    private static Verdict passed(String detail) {
        return new Verdict(true, detail);
    }

    private static Verdict failed(String detail) {
        return new Verdict(false, detail);
    }

    private static Verdict demand(Answer answer, boolean fits, Object expected) {
        return fits ? passed(expected.toString()) : failed("expected " + expected + ", was told " + answer.told());
    }

    /** A refusal is a problem document that says its status again and names the request. */
    private static Verdict refused(Answer answer, int status) {
        boolean fits = answer.status() == status
                && answer.header("Content-Type").toLowerCase(Locale.ROOT).startsWith("application/problem+json")
                && answer.body().path("status").asInt() == status
                && !answer.header("x-request-id").isEmpty();
        return demand(answer, fits, status + " with a problem document");
    }

    private Answer place(UUID key) {
        return caller.send(
                "POST", "/orders", Map.of("Content-Type", JSON, "Idempotency-Key", key.toString()), order(customer));
    }

    private static String order(String customer) {
        return "{\"customer\":{\"id\":\"" + customer + "\"},\"currency\":\"GBP\",\"items\":"
                + "[{\"sku\":\"smoke-test\",\"quantity\":2,\"unitPrice\":950}]}";
    }

    private Answer send(String method, String path, String contentType, String body) {
        return caller.send(method, path, Map.of("Content-Type", contentType), body);
    }

    private Answer cancel(UUID orderId, UUID key, String reason) {
        return caller.send(
                "PUT",
                "/orders/" + orderId + "/cancellation",
                Map.of("Content-Type", JSON, "Idempotency-Key", key.toString()),
                "{\"reason\":\"" + reason + "\"}");
    }

    private Verdict cancelled(UUID orderId, UUID key, String reason) {
        Answer answer = cancel(orderId, key, reason);
        boolean fits = answer.status() == OK
                && answer.text("state").equals("RECORDED")
                && answer.text("eventId").equals(key.toString());
        String state = answer.text("state").isEmpty() ? "" : ", state " + answer.text("state");
        return fits ? passed("RECORDED") : failed("expected RECORDED, was told " + answer.told() + state);
    }

    private static boolean isStored(Answer answer, UUID key) {
        return answer.status() == OK
                && answer.text("orderId").equals(key.toString())
                && answer.text("eventId").equals(key.toString())
                && !answer.header("x-request-id").isEmpty();
    }

    private static boolean isRecorded(Answer answer, UUID orderId, int version) {
        return answer.status() == OK
                && answer.text("state").equals("RECORDED")
                && answer.text("orderId").equals(orderId.toString())
                && answer.body().path("version").asInt() == version;
    }

    /** What a Link header leads to. */
    private static String target(String link) {
        return link.startsWith("<") && link.contains(">") ? link.substring(1, link.indexOf('>')) : "";
    }

    private static boolean isEvent(JsonNode event, String type, UUID eventId, int version) {
        return event.path("type").asText().equals(type)
                && event.path("eventId").asText().equals(eventId.toString())
                && event.path("version").asInt() == version
                && event.path("digest").asText().matches("[0-9a-f]{64}");
    }

    private static List<String> ids(Answer page) {
        List<String> ids = new ArrayList<>();
        page.body()
                .path("orders")
                .forEach(order -> ids.add(order.path("orderId").asText()));
        return ids;
    }

    private boolean await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + arrivesWithin.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(LOOK_AGAIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted", e);
            }
        }
        return true;
    }
}
