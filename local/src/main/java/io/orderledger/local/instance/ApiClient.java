package io.orderledger.local.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;

/** Calls the API as any client would. Thread-safe. */
public final class ApiClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(35);
    private static final JsonMapper JSON = new JsonMapper();

    private final URI api;
    private final String token;
    private final HttpClient client = HttpClient.newHttpClient();

    public ApiClient(URI api) {
        this(api, "");
    }

    /** @param token what the API demands; empty where it demands nothing */
    ApiClient(URI api, String token) {
        this.api = api;
        this.token = token;
    }

    /**
     * Sends a GET request.
     *
     * @throws UncheckedIOException if nothing answers
     */
    public Answer get(String path) {
        return send(HttpRequest.newBuilder(api.resolve(path)).GET());
    }

    /**
     * Sends a body under an idempotency key; repeating it is safe.
     *
     * @throws UncheckedIOException if nothing answers
     */
    public Answer send(String method, String path, UUID key, JsonNode body) {
        return send(HttpRequest.newBuilder(api.resolve(path))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key.toString())
                .method(method, BodyPublishers.ofString(body.toString())));
    }

    private Answer send(HttpRequest.Builder request) {
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<byte[]> response =
                    client.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException("The API at " + api + " does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException("Interrupted", new IOException(e));
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /**
     * What the API said.
     *
     * @param status the HTTP status
     * @param body the JSON body
     */
    public record Answer(int status, JsonNode body) {
        private static final int OK = 200;

        public boolean isOk() {
            return status == OK;
        }

        /** One line for a person, from the problem document. */
        public String problem() {
            String detail = body.path("detail").asText("");
            return status + " " + body.path("title").asText("") + (detail.isEmpty() ? "" : ": " + detail);
        }
    }
}
