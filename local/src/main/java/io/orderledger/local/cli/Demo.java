package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.instance.ApiClient;
import io.orderledger.local.instance.LocalRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Plays requests against a running instance, takes its database away half way, and then demands of the ledger and of the list
 * exactly what was accepted: nothing missing, nothing twice.
 */
final class Demo {
    private static final Duration SETTLE_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int PAGE_SIZE = 20;
    private static final int ORDERS_SHOWN = 12;

    private final LocalRun run;
    private final List<Sample> samples;
    private final Screen screen;
    private final ProgressDisplay progress;
    private final List<Sample> accepted = new ArrayList<>();
    private int queued;

    Demo(LocalRun run, List<Sample> samples, Screen screen, ProgressDisplay progress) {
        this.run = run;
        this.samples = List.copyOf(samples);
        this.screen = screen;
        this.progress = progress;
    }

    /**
     * What came of it.
     *
     * @param requests how many were sent
     * @param accepted how many of them were answered 200
     * @param faults what is lost, doubled or otherwise wrong
     */
    record Outcome(int requests, int accepted, List<String> faults) {
        /** Whether everything that was sent was accepted, and is there, once. */
        boolean isGood() {
            return faults.isEmpty() && accepted == requests;
        }
    }

    Outcome play() {
        try (ApiClient api = run.instance().apiClient()) {
            int half = samples.size() / 2;
            say("1. %d requests with the database up", half);
            send(api, samples.subList(0, half));
            say("2. The database is stopped; %d more requests", samples.size() - half);
            run.database().stop();
            send(api, samples.subList(half, samples.size()));
            say("   %d of %d were answered 200 (%d cancellations as QUEUED)", accepted.size(), samples.size(), queued);
            say("   waiting until the functions' retries are exhausted and everything is in a dead-letter queue");
            awaitNothingInFlight(api);
            say("3. The database is back; the dead-letter queues are replayed");
            run.database().start();
            List<String> faults = settle(api);
            say("4. Everything is replayed once more, which must change nothing");
            Map<UUID, JsonNode> before = orders(api);
            Replay.of(run.instance(), progress);
            if (!orders(api).equals(before)) {
                faults.add("replaying again changed the list");
            }
            show(api, before);
            conclude(faults);
            return new Outcome(samples.size(), accepted.size(), faults);
        }
    }

    private void send(ApiClient api, List<Sample> requests) {
        for (Sample request : requests) {
            ApiClient.Answer answer = api.send(request.method(), request.path(), request.key(), request.body());
            if (answer.isOk()) {
                accepted.add(request);
                if (answer.body().path("state").asText().equals("QUEUED")) {
                    queued++;
                }
            } else {
                say("   %s %s was answered %s", request.method(), request.path(), answer.problem());
            }
        }
    }

    private static void awaitNothingInFlight(ApiClient api) {
        Instant deadline = Instant.now().plus(SETTLE_TIMEOUT);
        while (api.get("/health").body().path("inFlight").asInt() > 0
                && Instant.now().isBefore(deadline)) {
            pause();
        }
    }

    /** Replays until everything accepted is there, or until it has had time enough. */
    private List<String> settle(ApiClient api) {
        Instant deadline = Instant.now().plus(SETTLE_TIMEOUT);
        List<String> faults = faults(api);
        while (!faults.isEmpty() && Instant.now().isBefore(deadline)) {
            Replay.of(run.instance(), progress);
            pause();
            faults = faults(api);
        }
        return new ArrayList<>(faults);
    }

    private List<String> faults(ApiClient api) {
        List<String> faults = new ArrayList<>();
        Map<UUID, JsonNode> listed = orders(api);
        Set<UUID> placed = new HashSet<>();
        Set<UUID> cancelled = new HashSet<>();
        for (Sample request : accepted) {
            (request.isPlacement() ? placed : cancelled).add(request.orderId());
            long recorded = recorded(api, request);
            if (recorded != 1) {
                faults.add("event " + request.key() + " is recorded " + recorded + " times");
            }
        }
        if (!listed.keySet().equals(placed)) {
            faults.add("listed are " + listed.size() + " orders, placed were " + placed.size());
        }
        listed.forEach((orderId, order) -> {
            String expected = cancelled.contains(orderId) ? "CANCELLED" : "PLACED";
            if (!order.path("status").asText().equals(expected)) {
                faults.add("order " + orderId + " is listed as "
                        + order.path("status").asText() + ", not " + expected);
            }
        });
        return faults;
    }

    private static long recorded(ApiClient api, Sample request) {
        ApiClient.Answer history = api.get("/orders/" + request.orderId() + "/history");
        long count = 0;
        for (JsonNode event : history.body().path("events")) {
            if (event.path("eventId").asText().equals(request.key().toString())) {
                count++;
            }
        }
        return count;
    }

    private static Map<UUID, JsonNode> orders(ApiClient api) {
        Map<UUID, JsonNode> orders = new HashMap<>();
        String cursor = "";
        do {
            JsonNode page = api.get("/orders?limit=" + PAGE_SIZE + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .body();
            for (JsonNode order : page.path("orders")) {
                orders.put(UUID.fromString(order.path("orderId").asText()), order);
            }
            cursor = page.path("next").asText("");
        } while (!cursor.isEmpty() && !cursor.equals("null"));
        return orders;
    }

    private void show(ApiClient api, Map<UUID, JsonNode> orders) {
        say("%nGET /orders (the newest %d of %d; totals in minor units)", ORDERS_SHOWN, orders.size());
        OrdersCommand.print(api.get("/orders?limit=" + ORDERS_SHOWN).body(), screen);
        samples.stream().filter(request -> !request.isPlacement()).findFirst().ifPresent(cancellation -> {
            say("%n./order-ledger order %s", cancellation.orderId());
            OrderCommand.print(
                    new Events(run.database().dataSource("ledger_reader")).of(cancellation.orderId()), screen);
        });
    }

    private void conclude(List<String> faults) {
        faults.forEach(fault -> say("WRONG: %s", fault));
        say("%n%d requests, %d accepted, %d lost or doubled", samples.size(), accepted.size(), faults.size());
    }

    private void say(String format, Object... values) {
        screen.line(format, values);
        screen.flush();
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
