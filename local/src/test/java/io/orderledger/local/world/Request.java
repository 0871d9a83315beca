package io.orderledger.local.world;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What somebody asked for under an event ID, and what he was told. The same request sent again is the same object; the same ID with other
 * content is another one.
 */
final class Request {
    /** What a request becomes in the ledger. */
    enum Type {
        PLACING("OrderPlaced", "OrderPlacementRequested"),
        CANCELLING("OrderCancelled", "OrderCancellationRequested");

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

    private final UUID eventId;
    private final Type type;
    private final UUID orderId;
    private final ObjectNode data;
    private final String principal;
    private final boolean valid;
    private final List<Instant> sentAt = new ArrayList<>();
    private boolean accepted;
    private boolean conflicted;
    private int acknowledged;

    Request(UUID eventId, Type type, UUID orderId, ObjectNode data, String principal, boolean valid) {
        this.eventId = eventId;
        this.type = type;
        this.orderId = orderId;
        this.data = data;
        this.principal = principal;
        this.valid = valid;
    }

    boolean isSameAs(Type otherType, UUID otherOrder, ObjectNode otherData, String otherPrincipal) {
        return type == otherType
                && orderId.equals(otherOrder)
                && data.equals(otherData)
                && principal.equals(otherPrincipal);
    }

    UUID eventId() {
        return eventId;
    }

    Type type() {
        return type;
    }

    UUID orderId() {
        return orderId;
    }

    ObjectNode data() {
        return data;
    }

    boolean isValid() {
        return valid;
    }

    void sent(Instant at) {
        sentAt.add(at.truncatedTo(ChronoUnit.MILLIS));
    }

    /** When the API took it, each time. */
    List<Instant> sentAt() {
        return sentAt;
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
        if (type == Type.PLACING) {
            payload.putObject("customer").put("id", data.at("/customer/id").asText());
            payload.put("channel", data.path("channel").asText("UNSPECIFIED"));
            payload.set("currency", data.get("currency"));
            payload.set("items", data.get("items"));
        }
        return payload;
    }

    /** What the ledger is to keep of it until it is erased. */
    ObjectNode personal() {
        ObjectNode personal = JsonNodeFactory.instance.objectNode().put("principal", principal);
        Optional.ofNullable(data.get("notes")).ifPresent(notes -> personal.set("notes", notes));
        Optional.ofNullable(data.get("reason")).ifPresent(reason -> personal.set("reason", reason));
        if (data.at("/customer/name").isTextual()) {
            personal.putObject("customer").set("name", data.at("/customer/name"));
        }
        return personal;
    }

    @Override
    public String toString() {
        return type + " " + eventId + " of order " + orderId + (accepted ? ", answered 200" : "")
                + (conflicted ? ", answered 409" : "");
    }
}
