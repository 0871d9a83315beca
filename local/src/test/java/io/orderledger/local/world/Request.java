package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What somebody asked for, or reported, under an event ID, and what he was told. The same request sent again is the same object; the same ID
 * with other content is another one.
 */
final class Request {
    /** What a request becomes in the ledger. */
    enum Type {
        PLACING("OrderPlaced", "OrderPlacementRequested"),
        CANCELLING("OrderCancelled", "OrderCancellationRequested"),
        PREPARED("OrderPrepared", "OrderPrepared"),
        DISPATCHED("OrderDispatched", "OrderDispatched"),
        DELIVERED("OrderDelivered", "OrderDelivered");

        static final List<Type> REPORTS = List.of(PREPARED, DISPATCHED, DELIVERED);

        private final String event;
        private final String message;

        Type(String event, String message) {
            this.event = event;
            this.message = message;
        }

        String event() {
            return event;
        }

        String message() {
            return message;
        }
    }

    /**
     * What is asked for.
     *
     * @param data what the message has as its data; of an imported event, what the ledger is to keep, personal data included
     * @param principal who asks; empty where nobody says
     */
    record Content(Type type, UUID orderId, ObjectNode data, Optional<String> principal) {}

    private final UUID eventId;
    private final Content content;
    private final boolean valid;
    private final List<Instant> occurredAt = new ArrayList<>();
    private boolean accepted;
    private boolean conflicted;
    private int acknowledged;

    Request(UUID eventId, Content content, boolean valid) {
        this.eventId = eventId;
        this.content = content;
        this.valid = valid;
    }

    UUID eventId() {
        return eventId;
    }

    Content content() {
        return content;
    }

    Type type() {
        return content.type();
    }

    UUID orderId() {
        return content.orderId();
    }

    boolean isValid() {
        return valid;
    }

    /** One more message with this content is on its way; it says that it occurred then. */
    void occurred(Instant at) {
        occurredAt.add(at);
    }

    /** Whether one of the messages occurred then, by the clock of the database that recorded it: nothing occurs after it is recorded. */
    boolean occurred(Instant at, Instant recordedAt) {
        return occurredAt.stream()
                .map(said -> said.isAfter(recordedAt) ? recordedAt : said)
                .anyMatch(at::equals);
    }

    void accept() {
        accepted = true;
    }

    /** Whether somebody was told that it is stored. */
    boolean isAccepted() {
        return accepted;
    }

    void conflict() {
        conflicted = true;
    }

    /** Whether somebody was told that it conflicts. */
    boolean isConflicted() {
        return conflicted;
    }

    void acknowledge() {
        acknowledged++;
    }

    /** How often a function ended normally with it. */
    int acknowledged() {
        return acknowledged;
    }

    /** What the ledger is to keep of it for ever. */
    ObjectNode payload() {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        if (type() == Type.PLACING) {
            payload.putObject("customer").put("id", data().at("/customer/id").asText());
            payload.put("channel", data().path("channel").asText("UNSPECIFIED"));
            payload.set("currency", data().get("currency"));
            payload.set("items", data().get("items"));
        }
        return payload;
    }

    /** What the ledger is to keep of it until it is erased; empty where there is nothing personal. */
    Optional<JsonNode> personal() {
        ObjectNode personal = JsonNodeFactory.instance.objectNode();
        content.principal().ifPresent(name -> personal.put("principal", name));
        Optional.ofNullable(data().get("notes")).ifPresent(notes -> personal.set("notes", notes));
        Optional.ofNullable(data().get("reason")).ifPresent(reason -> personal.set("reason", reason));
        if (data().at("/customer/name").isTextual()) {
            personal.putObject("customer").set("name", data().at("/customer/name"));
        }
        return personal.isEmpty() ? Optional.empty() : Optional.of(personal);
    }

    ObjectNode data() {
        return content.data();
    }

    /** Whether nothing of it differs but what can be erased. */
    boolean isSameButForPersonalData(Request other) {
        return type() == other.type()
                && orderId().equals(other.orderId())
                && payload().equals(other.payload());
    }

    @Override
    public String toString() {
        return type() + " " + eventId + " of order " + orderId() + (accepted ? ", answered 200" : "")
                + (conflicted ? ", answered 409" : "");
    }
}
