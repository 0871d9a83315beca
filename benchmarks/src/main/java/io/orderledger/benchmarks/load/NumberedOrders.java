package io.orderledger.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The orders of a load, by number: the same number is the same order, so that it can be sent again and looked for without being kept.
 * Immutable.
 */
public final class NumberedOrders {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final long seed;
    private final List<ObjectNode> bodies;

    NumberedOrders(long seed, List<ObjectNode> bodies) {
        this.seed = seed;
        this.bodies = List.copyOf(bodies);
    }

    /**
     * Places the orders of a file of samples by turns.
     *
     * @param seed other orders for another one
     */
    public static NumberedOrders of(Path samples, long seed) {
        List<ObjectNode> bodies = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(samples)) {
                JsonNode request = JSON.readTree(line);
                if (request.required("method").asText().equals("POST")) {
                    bodies.add((ObjectNode) request.required("body"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The samples cannot be read", e);
        }
        return new NumberedOrders(seed, bodies);
    }

    /** The order's ID, which is its request's key and its event's ID, too. It looks as a random one does. */
    public UUID id(long number) {
        long high = mixed(seed + number * GOLDEN);
        long low = mixed(high + GOLDEN);
        return new UUID((high & ~0xF000L) | 0x4000L, (low & 0x3FFF_FFFF_FFFF_FFFFL) | Long.MIN_VALUE);
    }

    /** What is sent to the API. */
    public String body(long number) {
        return bodyOf(number).toString();
    }

    /** What the API's template puts on the bus for it, as {@code Detail}; {@code requestedAt} in milliseconds. */
    public String detail(long number, long requestedAt) {
        ObjectNode detail = JSON.createObjectNode()
                .put("eventId", id(number).toString())
                .put("schemaVersion", 2)
                .put("requestedAt", requestedAt)
                .put("requestId", "delivered-again")
                .put("path", "POST /orders");
        detail.set("data", bodyOf(number));
        return detail.toString();
    }

    private ObjectNode bodyOf(long number) {
        return bodies.get((int) (number % bodies.size()));
    }

    /** The finalizer of MurmurHash3: every bit of the result depends on every bit of the number. */
    private static long mixed(long number) {
        long mixed = (number ^ (number >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
