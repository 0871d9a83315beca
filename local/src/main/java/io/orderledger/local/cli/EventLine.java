package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.NewEvent;
import io.orderledger.ledger.UnstorableText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads one event of a file that is imported. docs/import.md describes the shape; whatever is not described there is refused. */
final class EventLine {
    private static final Set<String> FIELDS =
            Set.of("eventId", "orderId", "type", "schemaVersion", "occurredAt", "payload", "personalData", "metadata");

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,99}");
    private static final String PATH = "import";

    private final ObjectNode line;

    private EventLine(ObjectNode line) {
        this.line = line;
    }

    /**
     * Reads the event.
     *
     * @throws Invalid if the line is no event; its message names the field and the rule, and holds no value
     */
    static NewEvent read(byte[] line) throws Invalid {
        try {
            return new EventLine(JsonLine.read(line)).event();
        } catch (UnstorableText e) {
            throw new Invalid("a text holds a NUL character or half of a surrogate pair");
        }
    }

    private NewEvent event() throws Invalid {
        for (var field : line.properties()) {
            check(FIELDS.contains(field.getKey()), JsonLine.printable(field.getKey()), "is unknown");
        }
        ObjectNode metadata = optionalObject("metadata").orElseGet(JsonNodeFactory.instance::objectNode);
        if (!metadata.has("path")) {
            metadata.put("path", PATH);
        }
        return new NewEvent(
                uuid("eventId"),
                uuid("orderId"),
                type(),
                schemaVersion(),
                object("payload"),
                optionalObject("personalData"),
                metadata,
                occurredAt());
    }

    private UUID uuid(String name) throws Invalid {
        String text = text(name);
        check(UUID_FORM.matcher(text).matches(), name, "must be a UUID");
        return UUID.fromString(text);
    }

    /** An erasure that did not happen must not be claimed: verification trusts the event. */
    private String type() throws Invalid {
        String type = text("type");
        check(TYPE.matcher(type).matches(), "type", "must be 1 to 100 letters and digits, and begin with a letter");
        check(!type.equals(EventTypes.PERSONAL_DATA_ERASED), "type", "must not be one that only an erasure records");
        return type;
    }

    private short schemaVersion() throws Invalid {
        JsonNode value = required("schemaVersion");
        boolean fits = value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= 1
                && value.intValue() <= Short.MAX_VALUE;
        check(fits, "schemaVersion", "must be an integer from 1 to " + Short.MAX_VALUE);
        return value.shortValue();
    }

    private Instant occurredAt() throws Invalid {
        String rule = "must be a time of RFC 3339 from 1970 to 9999";
        try {
            Instant time = OffsetDateTime.parse(text("occurredAt")).toInstant();
            check(!time.isBefore(NewEvent.EARLIEST) && !time.isAfter(NewEvent.LATEST), "occurredAt", rule);
            return time;
        } catch (DateTimeException e) {
            throw new Invalid("occurredAt " + rule);
        }
    }

    private Optional<ObjectNode> optionalObject(String name) throws Invalid {
        return line.has(name) ? Optional.of(object(name)) : Optional.empty();
    }

    private ObjectNode object(String name) throws Invalid {
        if (required(name) instanceof ObjectNode object) {
            return object;
        }
        throw new Invalid(name + " must be an object");
    }

    private String text(String name) throws Invalid {
        JsonNode value = required(name);
        check(value.isTextual(), name, "must be text");
        return value.textValue();
    }

    private JsonNode required(String name) throws Invalid {
        check(line.has(name), name, "is required");
        return line.path(name);
    }

    private static void check(boolean fits, String name, String rule) throws Invalid {
        if (!fits) {
            throw new Invalid(name + " " + rule);
        }
    }

    /** The line is no event that can be recorded. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(String problem) {
            super(problem);
        }

        /** Which field breaks which rule. */
        String problem() {
            return String.valueOf(getMessage());
        }
    }
}
