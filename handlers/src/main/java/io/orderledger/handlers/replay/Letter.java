package io.orderledger.handlers.replay;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.orderledger.handlers.requests.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * What can be told of a dead-lettered message by looking at it, and is nobody's personal data. Reads leniently: whatever is not where it
 * should be is unknown, and recording decides what the message is worth.
 *
 * @param code what AWS wrote beside the message; empty if it wrote nothing
 * @param requestedAt when the API received the request, where the message says so
 * @param receives how often anybody has received the message from its queue, this time included
 */
record Letter(
        FailureReason reason,
        String code,
        Optional<Instant> requestedAt,
        Optional<UUID> eventId,
        Optional<UUID> orderId,
        int receives) {
    /** The message attribute that says why a rule could not deliver. */
    static final String ERROR_CODE = "ERROR_CODE";

    private static final String TIMED_OUT = "Sandbox.Timedout";
    private static final String TIMED_OUT_MESSAGE = "Task timed out";
    private static final String AGE_EXCEEDED = "EventAgeExceeded";
    private static final int MAX_NESTING = 64;
    private static final int UUID_LENGTH = 36;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            .build();

    static Letter of(Message message) {
        JsonNode body = read(message.body());
        JsonNode request = body.path("requestPayload").isObject() ? body.path("requestPayload") : body;
        JsonNode detail = request.path("detail");
        String code = Problem.printable(code(message, body));
        return new Letter(
                FailureReason.of(code),
                code,
                requestedAt(request),
                uuid(detail.path("eventId")).or(() -> uuid(request.path("id"))),
                uuid(detail.path("orderId")),
                receives(message));
    }

    /** How often a message was received, this time included. */
    static int receives(Message message) {
        String count = message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
        return count == null ? 1 : Integer.parseInt(count);
    }

    /** A rule says it in an attribute, Lambda in its record, the workflow in the body. */
    private static String code(Message message, JsonNode body) {
        MessageAttributeValue attribute = message.messageAttributes().get(ERROR_CODE);
        if (attribute != null && attribute.stringValue() != null) {
            return attribute.stringValue();
        }
        JsonNode failure = body.path("failure").path("error");
        if (failure.isTextual()) {
            return failure.textValue();
        }
        JsonNode response = body.path("responsePayload");
        if (response.path("errorType").isTextual()) {
            return response.path("errorType").textValue();
        }
        // Lambda does not always give a type to what it ended itself.
        if (response.path("errorMessage").asText("").contains(TIMED_OUT_MESSAGE)) {
            return TIMED_OUT;
        }
        // Without an answer of the function there was no invocation: it was throttled until the event was too old.
        String condition = body.path("requestContext").path("condition").asText("");
        return condition.equals(AGE_EXCEEDED) || response.isMissingNode() ? condition : "";
    }

    private static Optional<Instant> requestedAt(JsonNode request) {
        JsonNode milliseconds = request.path("detail").path("requestedAt");
        if (milliseconds.isIntegralNumber() && milliseconds.canConvertToLong()) {
            return Optional.of(Instant.ofEpochMilli(milliseconds.longValue()));
        }
        try {
            return request.path("time").isTextual()
                    ? Optional.of(OffsetDateTime.parse(request.path("time").textValue())
                            .toInstant())
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<UUID> uuid(JsonNode text) {
        try {
            return text.isTextual() && text.textValue().length() == UUID_LENGTH
                    ? Optional.of(UUID.fromString(text.textValue()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static JsonNode read(String body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }
}
