package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * One request of a file of sample requests.
 *
 * @param key its idempotency key, which becomes the event ID
 * @param method the HTTP method
 * @param path the path
 * @param body the JSON body
 */
record Sample(UUID key, String method, String path, JsonNode body) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Reads a file with one request a line. */
    static List<Sample> in(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank()).map(Sample::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The samples " + file + " cannot be read", e);
        }
    }

    private static Sample parse(String line) {
        try {
            return JSON.readValue(line, Sample.class);
        } catch (IOException e) {
            throw new UncheckedIOException("A line of the samples is not a request", e);
        }
    }

    boolean isPlacement() {
        return method.equals("POST");
    }

    /** The order that the request is about: a placed order has the ID of the event that placed it. */
    UUID orderId() {
        return isPlacement() ? key : UUID.fromString(path.split("/", -1)[2]);
    }
}
