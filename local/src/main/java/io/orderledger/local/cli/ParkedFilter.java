package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which parked messages are meant. */
final class ParkedFilter {
    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = {
                "Only what is parked as conflict, invalid or failed; with --queue, only what failed so: database-away, throttled, timed-out,",
                "service-failed, not-permitted, function-failed, unknown, or a code. Can be given several times."
            })
    private List<String> reasons = new ArrayList<>();

    @Mixin
    private TimeOption time = new TimeOption();

    boolean isGiven() {
        return !reasons.isEmpty() || time.isGiven();
    }

    /** As fields of the function's request. */
    ObjectNode request(String verb, List<String> states) {
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("verb", verb);
        put(request, "states", states);
        putInto(request);
        return request;
    }

    /** The selection alone. */
    void putInto(ObjectNode request) {
        put(request, "reasons", reasons);
        InstantSource clock = InstantSource.system();
        time.since(clock).ifPresent(since -> request.put("since", since.toString()));
        time.until(clock).ifPresent(until -> request.put("until", until.toString()));
    }

    private static void put(ObjectNode request, String field, List<String> names) {
        if (!names.isEmpty()) {
            ArrayNode array = request.putArray(field);
            names.forEach(array::add);
        }
    }
}
