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
 * Reads a message: what the API puts on the bus as an EventBridge event, or hands to the workflow in the same shape; or what another
 * service puts there. Each is read by the rules of its own schema version and becomes an event of that version, so a message gives the same event before and after
 * a deployment that brings a new one.
 *
 * <p>The event's ID is {@code detail.eventId}, else the envelope's {@code id}, which EventBridge draws. An order that is placed has its
 * event's ID unless {@code detail.orderId} says otherwise; everything else names its order. Fields of the envelope that are not known are passed over, since AWS may
 * add some; fields of the request that are not known are refused, since nobody would ever see them again.
 */
final class RequestReader {
    private static final String API = "order-ledger.api";

    /** Of a message that names none: such a message is as old as can be, and must be the same whenever it is read. */
    private static final int FIRST_SCHEMA_VERSION = 1;

    private static final int MAX_ID_CODE_POINTS = 200;
    private static final int MAX_PRINCIPAL_CODE_POINTS = 2_048;
    private static final int MAX_TIME_CODE_POINTS = 40;

    /** Which of them may report is the rule's affair; here it is made sure that none is taken for the API. */
    private static final Pattern SERVICE = Pattern.compile("(?!" + Pattern.quote(API) + "$)[^\\p{Cntrl}]{1,256}");

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
        Optional<RequestKind> kind = kind();
        boolean isReport = kind.map(RequestKind::isReport).orElse(RequestKind.REPORTS.containsAll(accepted));
        Optional<String> source = source(isReport);
        Optional<ObjectFields> detail = envelope.requiredObject("detail");
        Optional<UUID> eventId = detail.flatMap(this::eventId);
        Optional<UUID> orderId = detail.flatMap(fields -> orderId(fields, kind, eventId));
        Optional<Instant> occurredAt = detail.flatMap(fields -> occurredAt(fields, isReport));
        int schemaVersion = schemaVersion(detail, kind);
        Optional<Content> content = detail.flatMap(fields -> content(fields, kind, schemaVersion));
        ObjectNode metadata = detail.map(fields -> metadata(fields, source.filter(_ -> isReport)))
                .orElseGet(JsonNodeFactory.instance::objectNode);
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

    private Optional<String> source(boolean isReport) {
        return isReport
                ? envelope.requiredFormed(
                        "source", SERVICE, "must be the name of a service, of 1 to 256 characters, and not " + API)
                : envelope.requiredFormed("source", Pattern.compile(Pattern.quote(API)), "must be " + API);
    }

    private Optional<UUID> eventId(ObjectFields detail) {
        return detail.has("eventId") ? uuid(detail, "eventId") : uuid(envelope, "id");
    }

    /** A placing draws one, unless it is told. */
    private Optional<UUID> orderId(ObjectFields detail, Optional<RequestKind> kind, Optional<UUID> eventId) {
        boolean defaults = kind.filter(RequestKind.PLACEMENT::equals).isPresent() && !detail.has("orderId");
        return defaults ? eventId : uuid(detail, "orderId");
    }

    private static Optional<UUID> uuid(ObjectFields fields, String name) {
        return fields.requiredFormed(name, UUID_FORM, UUID_RULE).map(UUID::fromString);
    }

    private Optional<Instant> occurredAt(ObjectFields detail, boolean isReport) {
        if (isReport && detail.has("occurredAt")) {
            return instant(detail, "occurredAt", "detail.occurredAt");
        }
        if (!isReport && detail.has("requestedAt")) {
            OptionalLong milliseconds =
                    detail.integer("requestedAt", NewEvent.EARLIEST.toEpochMilli(), NewEvent.LATEST.toEpochMilli());
            return milliseconds.stream().mapToObj(Instant::ofEpochMilli).findFirst();
        }
        return instant(envelope, "time", "time");
    }

    private Optional<Instant> instant(ObjectFields fields, String name, String path) {
        return fields.requiredText(name, 1, MAX_TIME_CODE_POINTS).flatMap(text -> instant(text, path));
    }

    private Optional<Instant> instant(String text, String path) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (!time.isBefore(NewEvent.EARLIEST) && !time.isAfter(NewEvent.LATEST)) {
                return Optional.of(time);
            }
        } catch (DateTimeException e) {
            // Falls through to the same answer: no time that can be recorded.
        }
        problems.add(path, "must be a time of RFC 3339 from 1970 to 9999");
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
        boolean mayLackData = kind.filter(RequestKind::isReport).isPresent();
        Optional<ObjectFields> data =
                (mayLackData ? detail.object("data") : detail.requiredObject("data")).map(ObjectFields::asTop);
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        return switch (kind.get()) {
            case PLACEMENT -> data.map(fields -> OrderPlacement.read(fields, schemaVersion, principal));
            case CANCELLATION -> data.map(fields -> OrderCancellation.read(fields, principal));
            case PREPARATION, DISPATCH, DELIVERY -> Optional.of(ProgressReport.read(data, principal));
        };
    }

    /** The way that the message came by is the operation of the API that stored it, or else the service that sent it. */
    private ObjectNode metadata(ObjectFields detail, Optional<String> service) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        detail.text("requestId", MAX_ID_CODE_POINTS).ifPresent(id -> metadata.put("requestId", id));
        service.or(() -> detail.text("path", MAX_ID_CODE_POINTS)).ifPresent(path -> metadata.put("path", path));
        traceId.ifPresent(id -> metadata.put("traceId", id));
        return metadata;
    }
}
