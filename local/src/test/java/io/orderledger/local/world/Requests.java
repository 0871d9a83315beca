package io.orderledger.local.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The checker's own record: who asked for what, what he was told, and when it was first seen in the ledger. */
final class Requests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern EVENT_ID = Pattern.compile("\"eventId\":\"([0-9a-f-]{36})\"");
    private static final Pattern ENVELOPE_ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    private final InstantSource clock;
    private final LedgerRows rows;
    private final Map<UUID, List<Request>> byEvent = new LinkedHashMap<>();
    private final Set<UUID> orders = new LinkedHashSet<>();
    private final Map<UUID, Instant> recordedAt = new HashMap<>();
    private final Map<UUID, Integer> faultsMet = new HashMap<>();
    private final Map<String, Instant> erasedCustomers = new LinkedHashMap<>();
    private long lastPosition;

    Requests(InstantSource clock, LedgerRows rows) {
        this.clock = clock;
        this.rows = rows;
    }

    /** A message is on its way, or may be. */
    synchronized Request sent(UUID eventId, Request.Content content, boolean valid, Instant occurredAt) {
        List<Request> known = byEvent.computeIfAbsent(eventId, _ -> new ArrayList<>());
        Request request = known.stream()
                .filter(each -> each.content().equals(content))
                .findFirst()
                .orElseGet(() -> {
                    Request fresh = new Request(eventId, content, valid);
                    known.add(fresh);
                    return fresh;
                });
        request.occurred(occurredAt);
        orders.add(content.orderId());
        return request;
    }

    synchronized Map<UUID, List<Request>> all() {
        return byEvent;
    }

    synchronized List<Request> under(UUID eventId) {
        return byEvent.getOrDefault(eventId, List.of());
    }

    /** The orders that somebody has said something about, in the order in which he did. */
    synchronized List<UUID> orders() {
        return List.copyOf(orders);
    }

    /** The event IDs that somebody has used, in the order in which he did. */
    synchronized List<UUID> eventIds() {
        return List.copyOf(byEvent.keySet());
    }

    /** Somebody was told that a customer's data is erased, of what occurred up to then by the database's clock at least. */
    synchronized void erased(String customer, Instant upTo) {
        erasedCustomers.merge(customer, upTo, (one, other) -> one.isAfter(other) ? one : other);
    }

    synchronized Map<String, Instant> erasedCustomers() {
        return erasedCustomers;
    }

    /** Looks what is new in the ledger. */
    synchronized void observe() {
        for (LedgerRows.Seen seen : rows.after(lastPosition)) {
            lastPosition = seen.position();
            recordedAt.putIfAbsent(seen.eventId(), clock.instant());
        }
    }

    synchronized Optional<Instant> recordedAt(UUID eventId) {
        return Optional.ofNullable(recordedAt.get(eventId));
    }

    /** What was answered 200 and is not in the ledger yet. */
    synchronized Set<UUID> inFlight() {
        observe();
        Set<UUID> waiting = new LinkedHashSet<>();
        byEvent.forEach((id, requests) -> {
            boolean awaited = requests.stream().anyMatch(request -> request.isAccepted() && request.isValid());
            if (awaited && !recordedAt.containsKey(id)) {
                waiting.add(id);
            }
        });
        return waiting;
    }

    /** A fault struck a function that was at work on a message. */
    synchronized void met(UUID eventId) {
        faultsMet.merge(eventId, 1, Integer::sum);
    }

    /** How many faults struck functions while they were at work on a message under this ID. */
    synchronized int faultsMet(UUID eventId) {
        return faultsMet.getOrDefault(eventId, 0);
    }

    /** A function ended normally with this message. */
    synchronized void acknowledged(String message) {
        matching(message).ifPresent(Request::acknowledge);
    }

    /** The request that a message is, whoever wraps it. */
    synchronized Optional<Request> matching(String message) {
        JsonNode json = json(message);
        JsonNode detail = json.path("detail");
        String id = detail.path("eventId").asText(json.path("id").asText());
        if (id.isEmpty()) {
            return Optional.empty();
        }
        return under(UUID.fromString(id)).stream()
                .filter(request -> isOf(request, json, detail))
                .findFirst();
    }

    private static boolean isOf(Request request, JsonNode json, JsonNode detail) {
        JsonNode data = detail.has("data") ? detail.get("data") : JSON.createObjectNode();
        String order = request.orderId().toString();
        return request.type().message().equals(json.path("detail-type").asText())
                && request.data().equals(data)
                && detail.path("orderId").asText(order).equals(order);
    }

    private static JsonNode json(String message) {
        try {
            JsonNode json = JSON.readTree(message);
            return json.has("requestPayload") ? json.get("requestPayload") : json;
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** The event ID that a message names. */
    static Optional<UUID> idIn(String message) {
        Matcher named = EVENT_ID.matcher(message);
        if (named.find()) {
            return Optional.of(UUID.fromString(named.group(1)));
        }
        Matcher drawn = ENVELOPE_ID.matcher(message);
        return drawn.find() ? Optional.of(UUID.fromString(drawn.group(1))) : Optional.empty();
    }
}
