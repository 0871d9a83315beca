package io.orderledger.handlers.requests;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.NewEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a request message: what the API puts on the bus as an EventBridge event, or hands to the workflow in the same shape. Each is
 * read by the rules of its own schema version and becomes an event of that version, so a message gives the same event before and after
 * a deployment that brings a new one.
 *
 * <p>The event's ID is {@code detail.eventId}, else the envelope's {@code id}, which EventBridge draws. An order that is placed has its
 * event's ID unless {@code detail.orderId} says otherwise. Fields of the envelope that are not known are passed over, since AWS may
 * add some; fields of the request that are not known are refused, since nobody would ever see them again.
 */
final class RequestReader {
    private static final String SOURCE = "order-ledger.api";

    /** Of a message that names none: such a message is as old as can be, and must be the same whenever it is read. */
    private static final int FIRST_SCHEMA_VERSION = 1;

    private static final int MAX_ID_CODE_POINTS = 200;
    private static final int MAX_PRINCIPAL_CODE_POINTS = 2_048;
    private static final int MAX_TIME_CODE_POINTS = 40;

    /** By form alone: the UUIDs that EventBridge draws are of no version that the standard knows. */
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}");

    private static final String UUID_RULE = "must be a UUID";

    private final Problems problems = new Problems();
    private final ObjectFields envelope;
    private final Set<RequestKind> accepted;
    private final Optional<String> traceId;

    private RequestReader(ObjectNode message, Set<RequestKind> accepted, Optional<String> traceId) {
        this.envelope = ObjectFields.under(message, "", problems);
        this.accepted = accepted;
        this.traceId = traceId;
    }

    /**
     * @param accepted requests of other kinds are invalid here
     * @param traceId of the delivery; recorded beside the event, and no part of its content
     */
    static Reading read(byte[] message, Set<RequestKind> accepted, Optional<String> traceId) {
        try {
            return new RequestReader(JsonText.object(message), accepted, traceId).read();
        } catch (JsonText.Unreadable e) {
            return new Reading.Invalid(Optional.empty(), Optional.empty(), List.of(e.problem()));
        }
    }

    private Reading read() {
        envelope.requiredFormed("source", Pattern.compile(Pattern.quote(SOURCE)), "must be " + SOURCE);
        Optional<RequestKind> kind = kind();
        Optional<ObjectFields> detail = envelope.requiredObject("detail");
        Optional<UUID> eventId = detail.flatMap(this::eventId);
        Optional<UUID> orderId = detail.flatMap(fields -> orderId(fields, kind, eventId));
        Optional<Instant> occurredAt = detail.flatMap(this::occurredAt);
        int schemaVersion = schemaVersion(detail, kind);
        Optional<Content> content = detail.flatMap(fields -> content(fields, kind, schemaVersion));
        ObjectNode metadata = detail.map(this::metadata).orElseGet(JsonNodeFactory.instance::objectNode);
        if (!problems.none()) {
            return new Reading.Invalid(eventId, orderId, problems.list());
        }
        Content read = content.orElseThrow();
        return new Reading.Valid(new NewEvent(
                eventId.orElseThrow(),
                orderId.orElseThrow(),
                kind.orElseThrow().eventType(),
                (short) schemaVersion,
                read.payload(),
                read.personalData(),
                metadata,
                occurredAt.orElseThrow()));
    }

    private Optional<RequestKind> kind() {
        String names = accepted.stream()
                .sorted(Comparator.naturalOrder())
                .map(RequestKind::detailType)
                .collect(Collectors.joining("|"));
        return envelope.requiredFormed("detail-type", Pattern.compile(names), "must be " + names.replace("|", " or "))
                .flatMap(name -> accepted.stream()
                        .filter(kind -> kind.detailType().equals(name))
                        .findFirst());
    }

    private Optional<UUID> eventId(ObjectFields detail) {
        return detail.has("eventId") ? uuid(detail, "eventId") : uuid(envelope, "id");
    }

    /** A cancellation names its order; a placing draws one, unless it is told. */
    private Optional<UUID> orderId(ObjectFields detail, Optional<RequestKind> kind, Optional<UUID> eventId) {
        boolean defaults = kind.filter(RequestKind.PLACEMENT::equals).isPresent() && !detail.has("orderId");
        return defaults ? eventId : uuid(detail, "orderId");
    }

    private static Optional<UUID> uuid(ObjectFields fields, String name) {
        return fields.requiredFormed(name, UUID_FORM, UUID_RULE).map(UUID::fromString);
    }

    private Optional<Instant> occurredAt(ObjectFields detail) {
        if (detail.has("requestedAt")) {
            OptionalLong milliseconds =
                    detail.integer("requestedAt", NewEvent.EARLIEST.toEpochMilli(), NewEvent.LATEST.toEpochMilli());
            return milliseconds.stream().mapToObj(Instant::ofEpochMilli).findFirst();
        }
        return envelope.requiredText("time", 1, MAX_TIME_CODE_POINTS).flatMap(this::instant);
    }

    private Optional<Instant> instant(String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (!time.isBefore(NewEvent.EARLIEST) && !time.isAfter(NewEvent.LATEST)) {
                return Optional.of(time);
            }
        } catch (DateTimeException e) {
            // Falls through to the same answer: no time that can be recorded.
        }
        problems.add("time", "must be a time of RFC 3339 from 1970 to 9999");
        return Optional.empty();
    }

    /** As it was stamped where the request was stored; the newest one in place of one that is wrong, to go on looking for problems. */
    private static int schemaVersion(Optional<ObjectFields> detail, Optional<RequestKind> kind) {
        if (detail.isEmpty() || kind.isEmpty() || !detail.get().has("schemaVersion")) {
            return FIRST_SCHEMA_VERSION;
        }
        int newest = kind.get().newestSchemaVersion();
        return (int) detail.get()
                .integer("schemaVersion", FIRST_SCHEMA_VERSION, newest)
                .orElse(newest);
    }

    private Optional<Content> content(ObjectFields detail, Optional<RequestKind> kind, int schemaVersion) {
        Optional<String> principal = detail.text("principal", MAX_PRINCIPAL_CODE_POINTS);
        Optional<ObjectFields> data = detail.requiredObject("data").map(ObjectFields::asTop);
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        return data.map(fields -> switch (kind.get()) {
            case PLACEMENT -> OrderPlacement.read(fields, schemaVersion, principal);
            case CANCELLATION -> OrderCancellation.read(fields, principal);
        });
    }

    private ObjectNode metadata(ObjectFields detail) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        detail.text("requestId", MAX_ID_CODE_POINTS).ifPresent(id -> metadata.put("requestId", id));
        detail.text("path", MAX_ID_CODE_POINTS).ifPresent(path -> metadata.put("path", path));
        traceId.ifPresent(id -> metadata.put("traceId", id));
        return metadata;
    }
}
