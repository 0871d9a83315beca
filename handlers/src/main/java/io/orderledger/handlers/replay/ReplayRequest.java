package io.orderledger.handlers.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.requests.JsonText;
import io.orderledger.handlers.requests.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the replaying function is asked to do.
 *
 * @param maxMessages how many messages are replayed, or looked at in a dry run, at most
 * @param messagesPerSecond how fast; empty for as fast as it goes
 * @param dryRun look and count, and give everything back
 * @param list how many single messages the answer of a dry run tells of
 * @param message in a dry run, the one message that is meant, by its ID in SQS; what it says is told, too
 */
record ReplayRequest(
        int maxMessages,
        OptionalInt messagesPerSecond,
        boolean dryRun,
        int list,
        Optional<String> message,
        Filter filter) {
    static final int MAX_MESSAGES = 1_000_000;
    static final int MAX_MESSAGES_PER_SECOND = 1_000;
    static final int MAX_LIST = 1_000;

    private static final int MAX_NAMES = 20;
    private static final int MAX_NAME_LENGTH = 100;
    private static final Set<String> FIELDS = Set.of(
            "maxMessages", "messagesPerSecond", "dryRun", "list", "message", "queues", "reasons", "since", "until");

    /**
     * Reads the function's event.
     *
     * @throws InvalidRequest if it is not what it must be; nothing is done then
     */
    static ReplayRequest read(byte[] event) {
        ObjectNode fields;
        try {
            fields = JsonText.object(event);
        } catch (JsonText.Unreadable e) {
            throw new InvalidRequest(e.problem().toString());
        }
        fields.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw new InvalidRequest("there is no field " + Problem.printable(name));
            }
        });
        Set<String> queues = names(fields, "queues");
        if (!Queue.NAMES.containsAll(queues)) {
            throw new InvalidRequest("queues must be of " + String.join(", ", Queue.NAMES));
        }
        boolean dryRun = flag(fields, "dryRun");
        OptionalInt list = integer(fields, "list", MAX_LIST);
        if (list.isPresent() && !dryRun) {
            throw new InvalidRequest("list is for a dry run");
        }
        Optional<String> message = text(fields, "message");
        if (message.isPresent() && list.isEmpty()) {
            throw new InvalidRequest("message is for a dry run with a list");
        }
        Optional<Instant> since = time(fields, "since");
        Optional<Instant> until = time(fields, "until");
        if (since.isPresent() && until.isPresent() && !since.get().isBefore(until.get())) {
            throw new InvalidRequest("since must be before until");
        }
        return new ReplayRequest(
                integer(fields, "maxMessages", MAX_MESSAGES).orElse(MAX_MESSAGES),
                integer(fields, "messagesPerSecond", MAX_MESSAGES_PER_SECOND),
                dryRun,
                list.orElse(0),
                message,
                new Filter(queues, names(fields, "reasons"), since, until));
    }

    private static OptionalInt integer(ObjectNode fields, String name, int max) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode()) {
            return OptionalInt.empty();
        }
        if (value.isInt() && value.intValue() >= 1 && value.intValue() <= max) {
            return OptionalInt.of(value.intValue());
        }
        throw new InvalidRequest(name + " must be an integer from 1 to " + max);
    }

    private static Optional<String> text(ObjectNode fields, String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (value.isTextual()
                && !value.textValue().isEmpty()
                && value.textValue().length() <= MAX_NAME_LENGTH) {
            return Optional.of(value.textValue());
        }
        throw new InvalidRequest(name + " must be a text of 1 to " + MAX_NAME_LENGTH + " characters");
    }

    private static boolean flag(ObjectNode fields, String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isBoolean()) {
            return value.asBoolean();
        }
        throw new InvalidRequest(name + " must be true or false");
    }

    private static Set<String> names(ObjectNode fields, String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode()) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        boolean fits = value.isArray() && !value.isEmpty() && value.size() <= MAX_NAMES;
        for (JsonNode element : value) {
            fits &= element.isTextual()
                    && !element.textValue().isEmpty()
                    && element.textValue().length() <= MAX_NAME_LENGTH;
            names.add(element.asText());
        }
        if (!fits) {
            throw new InvalidRequest(name + " must be a list of 1 to " + MAX_NAMES + " names");
        }
        return names;
    }

    private static Optional<Instant> time(ObjectNode fields, String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        try {
            if (value.isTextual()) {
                return Optional.of(OffsetDateTime.parse(value.textValue()).toInstant());
            }
        } catch (DateTimeException e) {
            // The same answer as for what is no text.
        }
        throw new InvalidRequest(name + " must be a time of RFC 3339");
    }
}
