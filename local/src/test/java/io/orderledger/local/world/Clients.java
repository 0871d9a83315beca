package io.orderledger.local.world;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.world.Api.Answer;
import io.orderledger.local.world.Api.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Those who order: they lose patience, send again, change their minds, reuse keys, and cancel what has not arrived yet. */
final class Clients {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_TRIES = 4;
    private static final List<String> CURRENCIES = List.of("EUR", "USD", "JPY");
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofHours(3);

    private final World world;
    private final Chance chance;
    private final int customers;

    Clients(World world, int customers) {
        this.world = world;
        this.chance = world.chance();
        this.customers = customers;
    }

    /** A customer's ID; what is personal about him holds {@link #mark}. */
    static String customer(int number) {
        return "customer-" + number;
    }

    /** A text that stands in everything personal of a customer, and nowhere else. */
    static String mark(String customer) {
        return "Erika(" + customer + ")";
    }

    List<String> customers() {
        return java.util.stream.IntStream.range(0, customers)
                .mapToObj(Clients::customer)
                .toList();
    }

    /** Plans what they do. */
    void plan(int requests, Duration within) {
        for (int i = 0; i < requests; i++) {
            Runnable action = chance.happens(0.85) ? this::order : this::cancelNothing;
            // Half of them in a rush, where they meet, and half whenever.
            world.time().after(chance.nextBoolean() ? chance.duration(SHORT, within) : chance.moment(within), action);
        }
    }

    private void order() {
        String customer = customer(chance.nextInt(customers));
        String principal = "user of " + mark(customer);
        boolean valid = chance.happens(0.95);
        ObjectNode data = placing(customer, valid);
        Optional<UUID> key = chance.happens(0.7) ? Optional.of(chance.uuid()) : Optional.empty();
        key.ifPresent(world.databaseFaults()::poison);
        if (key.isPresent() && chance.happens(0.35)) {
            // The order's ID is known before it is answered, so it can be cancelled before it arrives.
            later(() -> cancel(key.get(), customer, Optional.empty()));
        }
        key.filter(_ -> valid && chance.happens(0.25))
                .ifPresent(id -> later(() -> changeMind(id, customer, data, principal)));
        Answer answer = patiently(key.isPresent(), () -> world.api().place(key, data, principal, valid));
        if (answer.status() != Status.OK) {
            return;
        }
        if (chance.happens(0.3)) {
            cancel(answer.orderId(), customer, key);
        }
        if (key.isPresent() && chance.happens(0.2)) {
            later(() -> world.api().place(key, data, principal, valid));
        }
    }

    /** The same key with other content: one of the two has to be refused, whichever comes second. */
    private void changeMind(UUID key, String customer, ObjectNode first, String principal) {
        world.faults().noteIfOn(Fault.CONTENT_CHANGED);
        if (chance.happens(0.2)) {
            // For something else altogether: a cancellation, of another order.
            cancelOnce(chance.uuid(), Optional.of(key), customer);
            return;
        }
        ObjectNode other = first.deepCopy();
        if (chance.happens(0.2)) {
            other.put("notes", "changed by " + mark(customer) + chance.nextInt(1000));
        } else {
            other.withArray("items").add(item(true));
        }
        patiently(true, () -> world.api().place(Optional.of(key), other, principal, true));
    }

    /** @param reusable a key that some clients use again */
    private void cancel(UUID orderId, String customer, Optional<UUID> reusable) {
        Optional<UUID> key = chance.happens(0.6) ? Optional.of(chance.uuid()) : Optional.empty();
        Optional<UUID> used = reusable.filter(_ -> chance.happens(0.1)).or(() -> key);
        ObjectNode data = reason(customer);
        patiently(true, () -> world.api().cancel(orderId, used, data, "user of " + mark(customer)));
        if (used.isPresent() && chance.happens(0.25)) {
            later(() -> world.api().cancel(orderId, used, data, "user of " + mark(customer)));
        }
        if (used.isPresent() && chance.happens(0.1)) {
            later(() -> cancelOnce(orderId, used, customer));
        }
    }

    private void cancelOnce(UUID orderId, Optional<UUID> key, String customer) {
        world.api().cancel(orderId, key, reason(customer), "user of " + mark(customer));
    }

    /** Of an order that nobody placed, and of nobody. */
    private void cancelNothing() {
        Optional<UUID> key = Optional.of(chance.uuid()).filter(_ -> chance.nextBoolean());
        UUID orderId = chance.uuid();
        patiently(true, () -> world.api().cancel(orderId, key, JSON.createObjectNode(), "user of nobody"));
    }

    /** Tries again as long as it makes sense: without a key, each try is another request. */
    private Answer patiently(boolean again, Supplier<Answer> call) {
        Answer answer = call.get();
        for (int tries = 1; tries < MAX_TRIES && again && isUnknown(answer); tries++) {
            world.time().sleep(chance.duration(Duration.ofMillis(100), Duration.ofMinutes(10)));
            answer = call.get();
        }
        return answer;
    }

    private static boolean isUnknown(Answer answer) {
        return answer.status() == Status.UNAVAILABLE || answer.status() == Status.NOTHING;
    }

    private void later(Runnable action) {
        world.time().after(chance.duration(SHORT, LONG), action);
    }

    ObjectNode placing(String customer, boolean valid) {
        ObjectNode data = JSON.createObjectNode();
        data.putObject("customer").put("id", customer).put("name", mark(customer));
        if (chance.nextBoolean()) {
            data.put("channel", chance.pick(List.of("WEB", "APP", "PHONE")));
        }
        data.put("currency", chance.pick(CURRENCIES));
        ArrayNode items = data.putArray("items");
        for (int i = chance.between(1, 3); i > 0; i--) {
            items.add(item(valid));
        }
        if (chance.nextBoolean()) {
            data.put("notes", "Ring twice, O'Brien \"" + mark(customer) + "\" \u00e4\ud83d\ude00");
        }
        return data;
    }

    /** @param valid else the quantity is one that no order may have, and that only the function notices */
    private ObjectNode item(boolean valid) {
        return JSON.createObjectNode()
                .put("sku", "sku-" + chance.between(1, 5))
                .put("quantity", valid ? chance.between(1, 6) : 0)
                .put("unitPrice", chance.between(0, 100_000));
    }

    private ObjectNode reason(String customer) {
        ObjectNode data = JSON.createObjectNode();
        if (chance.nextBoolean()) {
            data.put("reason", "because " + mark(customer) + chance.nextInt(1000));
        }
        return data;
    }
}
