package io.orderledger.local.bus;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One entry of a PutEvents call as it was sent: of the right types, but not yet of the right values.
 *
 * @param busName the bus's name or ARN
 */
record PutEventsEntry(
        Optional<String> source,
        Optional<String> detailType,
        Optional<String> detail,
        String busName,
        List<String> resources,
        Optional<Instant> time) {

    private static final String DEFAULT_BUS = "default";
    private static final int TIME_SIZE_BYTES = 14;
    private static final double MILLIS = 1000;

    /**
     * Reads an entry of awsJson1_1.
     *
     * @throws PutEventsRefused where a member has the wrong type
     */
    static PutEventsEntry read(JsonNode json) {
        if (!json.isObject()) {
            throw new PutEventsRefused("SerializationException", "An entry is not an object");
        }
        return new PutEventsEntry(
                text(json, "Source"),
                text(json, "DetailType"),
                text(json, "Detail"),
                text(json, "EventBusName").orElse(DEFAULT_BUS),
                resources(json.path("Resources")),
                time(json.path("Time")));
    }

    /** Its size as EventBridge counts it. */
    long sizeBytes() {
        return (time.isPresent() ? TIME_SIZE_BYTES : 0)
                + source.map(PutEventsEntry::bytes).orElse(0L)
                + detailType.map(PutEventsEntry::bytes).orElse(0L)
                + detail.map(PutEventsEntry::bytes).orElse(0L)
                + resources.stream().mapToLong(PutEventsEntry::bytes).sum();
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Optional<String> text(JsonNode json, String member) {
        JsonNode value = json.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new PutEventsRefused("SerializationException", member + " can not be converted to a String");
        }
        return Optional.of(value.textValue());
    }

    private static List<String> resources(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return List.of();
        }
        var resources = new ArrayList<String>();
        for (JsonNode resource : json) {
            if (!resource.isTextual()) {
                throw new PutEventsRefused("SerializationException", "A resource can not be converted to a String");
            }
            resources.add(resource.textValue());
        }
        if (!json.isArray()) {
            throw new PutEventsRefused("SerializationException", "Resources is not a list");
        }
        return List.copyOf(resources);
    }

    private static Optional<Instant> time(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Optional.empty();
        }
        if (!json.isNumber()) {
            throw new PutEventsRefused("SerializationException", "Time is not a number of seconds");
        }
        return Optional.of(Instant.ofEpochMilli(Math.round(json.doubleValue() * MILLIS)));
    }
}
