package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.world.LedgerRows.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Those who listen to what the ledger announces. One of them notes what comes to the bus, in the order in which it comes. The other gets it as
 * EventBridge delivers it, late, twice and in any order, keeps each event once by its ID, and makes up his own mind about each order.
 */
final class Consumers {
    static final String SOURCE = "order-ledger.ledger";

    private static final Duration MAX_DELAY = Duration.ofHours(24);

    private static final String IN_ORDER = "events are announced in their order";

    private final World world;
    private final Map<String, JsonNode> sent = new LinkedHashMap<>();
    private final List<JsonNode> onBus = new ArrayList<>();
    private final Map<UUID, JsonNode> kept = new LinkedHashMap<>();

    Consumers(World world) {
        this.world = world;
    }

    /** The publisher wants the bus to take an announcement. */
    void sent(String detail) {
        JsonNode read = LedgerRows.json(detail);
        sent.putIfAbsent(read.get("eventId").asText(), read);
    }

    /** The bus has taken an announcement. */
    void heard(String event) {
        JsonNode envelope = LedgerRows.json(event);
        onBus.add(envelope);
        world.trace().add("announced", envelope.at("/detail/eventId").asText());
        deliver(envelope);
        if (world.faults().strikes(Fault.DELIVERY_DUPLICATED)) {
            deliver(envelope);
        }
    }

    private void deliver(JsonNode envelope) {
        Duration delay = world.chance().duration(Duration.ofMillis(5), MAX_DELAY);
        world.time().after(delay, () -> {
            JsonNode detail = envelope.get("detail");
            kept.putIfAbsent(UUID.fromString(detail.get("eventId").asText()), detail);
        });
    }

    int announcements() {
        return onBus.size();
    }

    /** Compares what was announced with what the ledger has. */
    void check(List<Event> events, BiConsumer<String, Object> broken) {
        Map<UUID, Event> inLedger = new HashMap<>();
        events.forEach(event -> inLedger.put(event.eventId(), event));
        checkOrder(inLedger, broken);
        for (Event event : events) {
            JsonNode detail = kept.get(event.eventId());
            if (detail == null) {
                broken.accept("everything recorded is announced", event.type() + " " + event.eventId());
            } else if (!announced(detail).equals(withoutPersonalData(event))) {
                broken.accept("announcements say what is recorded", detail + " and not " + event);
            }
        }
        List<Event> told = kept.values().stream().map(Consumers::announced).toList();
        if (told.size() == events.size()
                && !OrderFold.of(told, OrderFold.View.NEWEST).equals(OrderFold.of(events, OrderFold.View.NEWEST))) {
            broken.accept("whoever listens comes to the same orders", "consumer");
        }
    }

    /**
     * Whatever is sent for the first time comes after what was sent before it, by block and position. The bus may take a later entry of a call
     * and not an earlier one, so on the bus that holds for the events of an order alone.
     */
    private void checkOrder(Map<UUID, Event> inLedger, BiConsumer<String, Object> broken) {
        Set<UUID> seen = new HashSet<>();
        Map<String, Integer> versions = new HashMap<>();
        for (JsonNode envelope : onBus) {
            JsonNode detail = envelope.get("detail");
            UUID eventId = UUID.fromString(detail.get("eventId").asText());
            if (!inLedger.containsKey(eventId)) {
                broken.accept("only what is recorded is announced", eventId);
            }
            if (envelope.toString().contains("Erika(")) {
                broken.accept("what is personal stays where it belongs", "announcement of " + eventId);
            }
            if (seen.add(eventId)) {
                int version = detail.get("version").asInt();
                int before = versions.getOrDefault(detail.get("orderId").asText(), 0);
                versions.put(detail.get("orderId").asText(), version);
                if (version != before + 1) {
                    broken.accept(IN_ORDER, eventId + " is version " + version + " after " + before);
                }
            }
        }
        Comparator<JsonNode> byBlock = Comparator.comparingLong(detail -> number(detail, "block"));
        Comparator<JsonNode> byPlace = byBlock.thenComparingLong(detail -> number(detail, "position"));
        List<JsonNode> firstSent = List.copyOf(sent.values());
        if (!firstSent.equals(firstSent.stream().sorted(byPlace).toList())) {
            broken.accept(IN_ORDER, "sent: " + firstSent);
        }
    }

    private static long number(JsonNode detail, String name) {
        return detail.get(name).asLong();
    }

    private static Event announced(JsonNode detail) {
        return new Event(
                detail.get("position").asLong(),
                UUID.fromString(detail.get("eventId").asText()),
                UUID.fromString(detail.get("orderId").asText()),
                detail.get("version").asInt(),
                detail.get("type").asText(),
                detail.get("payload"),
                Instant.parse(detail.get("occurredAt").asText()),
                Instant.parse(detail.get("recordedAt").asText()),
                Optional.empty(),
                0,
                OptionalLong.of(detail.get("block").asLong()));
    }

    private static Event withoutPersonalData(Event event) {
        return new Event(
                event.position(),
                event.eventId(),
                event.orderId(),
                event.version(),
                event.type(),
                event.payload(),
                event.occurredAt(),
                event.recordedAt(),
                Optional.empty(),
                0,
                event.block());
    }
}
