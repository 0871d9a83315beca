package io.orderledger.handlers.parked;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.parked.ParkedRequest.Why;
import io.orderledger.handlers.requests.JsonText;
import io.orderledger.handlers.requests.Problem;
import io.orderledger.ledger.RefusedMessage;
import io.orderledger.ledger.parked.MessageId;
import io.orderledger.ledger.parked.ParkedMessages;
import io.orderledger.ledger.parked.ParkedQuery;
import io.orderledger.ledger.parked.ParkedState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the event of {@link ManageParked}. What does not fit is an {@link InvalidRequest}, before anything is done. */
final class ParkedRequestReader {
    /** How many messages one call acts on: it has to be done in time. */
    static final int MAX_IDS = 100;

    private static final int DEFAULT_LIMIT = 100;
    private static final Set<String> QUERY = Set.of("reasons", "states", "since", "until");

    private final ObjectNode fields;

    private ParkedRequestReader(ObjectNode fields) {
        this.fields = fields;
    }

    static ParkedRequest read(byte[] event) {
        try {
            return new ParkedRequestReader(JsonText.object(event)).read();
        } catch (JsonText.Unreadable e) {
            throw new InvalidRequest(e.problem().toString());
        }
    }

    private ParkedRequest read() {
        String verb = fields.path("verb").asText("");
        return switch (verb) {
            case "count" -> {
                admitOnly(QUERY, Set.of());
                yield new ParkedRequest.Count(query());
            }
            case "list" -> {
                admitOnly(QUERY, Set.of("after", "limit"));
                yield new ParkedRequest.Page(query(), after(), limit());
            }
            case "show" -> {
                admitOnly(Set.of("id", "personalData"), Set.of());
                yield new ParkedRequest.Show(idOrPrefix(), personalData());
            }
            case "replay" -> {
                admitOnly(Set.of("ids", "actor", "reason"), Set.of());
                yield new ParkedRequest.Replay(ids(), why());
            }
            case "drop" -> {
                admitOnly(Set.of("ids", "actor", "reason"), Set.of());
                yield new ParkedRequest.Drop(ids(), why());
            }
            default -> throw new InvalidRequest("verb must be count, list, show, replay or drop");
        };
    }

    private void admitOnly(Set<String> some, Set<String> more) {
        fields.fieldNames().forEachRemaining(name -> {
            if (!name.equals("verb") && !some.contains(name) && !more.contains(name)) {
                throw new InvalidRequest("there is no field " + Problem.printable(name) + " here");
            }
        });
    }

    private ParkedQuery query() {
        Optional<Instant> since = time("since");
        Optional<Instant> until = time("until");
        if (since.isPresent() && until.isPresent() && !since.get().isBefore(until.get())) {
            throw new InvalidRequest("since must be before until");
        }
        return new ParkedQuery(
                named("reasons", RefusedMessage.Reason.class), named("states", ParkedState.class), since, until);
    }

    private <E extends Enum<E>> Set<E> named(String name, Class<E> type) {
        Set<E> named = EnumSet.noneOf(type);
        JsonNode value = fields.path(name);
        if (!value.isMissingNode() && (!value.isArray() || value.isEmpty())) {
            throw new InvalidRequest(name + " must be a list of names");
        }
        for (JsonNode element : value) {
            try {
                named.add(Enum.valueOf(type, element.asText().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new InvalidRequest(name + " must be of " + EnumSet.allOf(type));
            }
        }
        return named;
    }

    private Optional<Instant> time(String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(value.asText()).toInstant());
        } catch (DateTimeException e) {
            throw new InvalidRequest(name + " must be a time of RFC 3339");
        }
    }

    private Optional<MessageId> after() {
        return fields.has("after") ? Optional.of(id(fields.path("after"))) : Optional.empty();
    }

    private int limit() {
        JsonNode value = fields.path("limit");
        if (value.isMissingNode()) {
            return DEFAULT_LIMIT;
        }
        if (value.isInt() && value.intValue() >= 1 && value.intValue() <= ParkedMessages.MAX_PAGE) {
            return value.intValue();
        }
        throw new InvalidRequest("limit must be an integer from 1 to " + ParkedMessages.MAX_PAGE);
    }

    private boolean personalData() {
        JsonNode value = fields.path("personalData");
        if (value.isMissingNode() || value.isBoolean()) {
            return value.asBoolean();
        }
        throw new InvalidRequest("personalData must be true or false");
    }

    private String idOrPrefix() {
        String id = fields.path("id").asText("");
        if (!id.matches("[0-9a-f]{" + ParkedMessages.MIN_PREFIX_DIGITS + ",64}")) {
            throw new InvalidRequest("id must be an ID, or at least the first " + ParkedMessages.MIN_PREFIX_DIGITS
                    + " of its hexadecimal digits");
        }
        return id;
    }

    private List<MessageId> ids() {
        JsonNode value = fields.path("ids");
        if (!value.isArray() || value.isEmpty() || value.size() > MAX_IDS) {
            throw new InvalidRequest("ids must be a list of 1 to " + MAX_IDS + " IDs");
        }
        List<MessageId> ids = new ArrayList<>();
        value.forEach(element -> ids.add(id(element)));
        return ids;
    }

    private static MessageId id(JsonNode value) {
        try {
            return MessageId.of(value.asText());
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("an ID has 64 hexadecimal digits");
        }
    }

    private Why why() {
        return new Why(
                text("actor", ParkedMessages.MAX_ACTOR_CHARACTERS),
                text("reason", ParkedMessages.MAX_REASON_CHARACTERS));
    }

    /** What stays for ever must say something, and PostgreSQL must be able to keep it. */
    private String text(String name, int max) {
        JsonNode value = fields.path(name);
        String text = value.asText("").strip();
        boolean fits = value.isTextual()
                && !text.isEmpty()
                && text.length() <= max
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (!fits) {
            throw new InvalidRequest(name + " must be a line of 1 to " + max + " characters");
        }
        return text;
    }
}
