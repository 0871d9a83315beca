package io.orderledger.local.smoke;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Sends requests to an API anywhere, as one caller. Thread-safe. */
public final class Caller implements AutoCloseable {
    /** API Gateway answers within 29 s. */
    private static final Duration TIMEOUT = Duration.ofSeconds(35);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    private final String base;
    private final Authentication authentication;
    private final Optional<String> apiKey;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    /**
     * A caller of one API.
     *
     * @param base the API's address with its stage, for example {@code https://….amazonaws.com/live}
     * @param apiKey sent as {@code x-api-key}
     */
    public Caller(URI base, Authentication authentication, Optional<String> apiKey) {
        this.base = base.toString().replaceAll("/+$", "");
        this.authentication = authentication;
        this.apiKey = apiKey;
    }

    /**
     * Sends a GET request.
     *
     * @throws UncheckedIOException if nothing answers
     */
    public Answer get(String path) {
        return send("GET", path, Map.of(), "");
    }

    Answer send(String method, String path, Map<String, String> headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        URI address = URI.create(base + path);
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("User-Agent", "order-ledger-smoke");
        apiKey.ifPresent(key -> all.put("x-api-key", key));
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .method(method, bytes.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes));
        authentication.headers(method, address, all, bytes).forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Content-Length")) {
                request.setHeader(name, value);
            }
        });
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers(), json(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException("Nothing answers at " + base + ": " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /** Whether a Location in the answer of a request to {@code path} means {@code target}; it may be relative, and have a stage. */
    boolean leadsTo(String location, String path, String target) {
        try {
            return !location.isEmpty()
                    && URI.create(base + path).resolve(location).equals(URI.create(base + target));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String reason(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** What is no JSON is no answer of this API; whoever looks for a field in it finds none. */
    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(new String(body, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** What the API said. */
    public record Answer(int status, HttpHeaders headers, JsonNode body) {

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        String text(String field) {
            return body.path(field).asText("");
        }

        /** The status, and for a person what a problem document says. */
        String told() {
            String detail = text("detail").isEmpty() ? text("message") : text("detail");
            return status + (detail.isEmpty() ? "" : " " + detail);
        }
    }
}
