package io.orderledger.local.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
    private final Map<UUID, Instant> recordedAt = new HashMap<>();
    private final Set<String> erasedCustomers = new HashSet<>();
    private long lastPosition;

    Requests(InstantSource clock, LedgerRows rows) {
        this.clock = clock;
        this.rows = rows;
    }

    /** The API has taken a request, or may have. */
    synchronized Request sent(
            UUID eventId, Request.Type type, UUID orderId, ObjectNode data, String principal, boolean valid) {
        List<Request> known = byEvent.computeIfAbsent(eventId, _ -> new ArrayList<>());
        Request request = known.stream()
                .filter(each -> each.isSameAs(type, orderId, data, principal))
                .findFirst()
                .orElseGet(() -> {
                    Request fresh = new Request(eventId, type, orderId, data, principal, valid);
                    known.add(fresh);
                    return fresh;
                });
        request.sent(clock.instant());
        return request;
    }

    synchronized Map<UUID, List<Request>> all() {
        return byEvent;
    }

    void erased(String customer) {
        erasedCustomers.add(customer);
    }

    Set<String> erasedCustomers() {
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
        Set<UUID> waiting = new HashSet<>();
        byEvent.forEach((id, requests) -> {
            boolean awaited = requests.stream().anyMatch(request -> request.isAccepted() && request.isValid());
            if (awaited && !recordedAt.containsKey(id)) {
                waiting.add(id);
            }
        });
        return waiting;
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
        return byEvent.getOrDefault(UUID.fromString(id), List.of()).stream()
                .filter(request ->
                        request.type().message().equals(json.path("detail-type").asText())
                                && request.data().equals(detail.path("data"))
                                && detail.path("orderId")
                                        .asText(request.orderId().toString())
                                        .equals(request.orderId().toString()))
                .findFirst();
    }

    private static JsonNode json(String message) {
        try {
            JsonNode json = JSON.readTree(message);
            return json.has("requestPayload") ? json.get("requestPayload") : json;
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** The event ID that a message names, for the trace. */
    String idIn(String message) {
        Matcher named = EVENT_ID.matcher(message);
        if (named.find()) {
            return named.group(1);
        }
        Matcher drawn = ENVELOPE_ID.matcher(message);
        return drawn.find() ? drawn.group(1) : "-";
    }
}
