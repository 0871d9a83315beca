package io.orderledger.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Calls a running instance over HTTP. Thread-safe. */
public final class OrderApi implements AutoCloseable {
    /** What stands for the status of a request that got no answer. */
    public static final int NO_ANSWER = 0;

    static final int OK = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(35);
    private static final JsonMapper JSON = new JsonMapper();

    private final URI api;
    private final URI services;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(threads)
            .build();

    /**
     * Begins to call.
     *
     * @param api where orders are placed
     * @param services where the bus is
     */
    public OrderApi(URI api, URI services) {
        this.api = api;
        this.services = services;
    }

    /** Places an order; the HTTP status, or {@link #NO_ANSWER}. */
    int place(UUID id, String body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(api.resolve("/orders"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", id.toString())
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException _) {
            return NO_ANSWER;
        }
    }

    /** Whether an order is in the list; false, too, while nobody can say. */
    boolean isListed(UUID id) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(api.resolve("/orders/" + id))
                .timeout(TIMEOUT)
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException _) {
            return false;
        }
    }

    /** What is on its way to the ledger, and what waits in dead-letter queues. */
    Health health() throws InterruptedException {
        JsonNode report = answer(HttpRequest.newBuilder(api.resolve("/health")).build());
        long letters = 0;
        for (JsonNode queue : report.required("deadLetters")) {
            letters += queue.asLong();
        }
        return new Health(report.required("inFlight").asLong(), letters);
    }

    /**
     * What an instance says about itself.
     *
     * @param inFlight events that the bus or a function has and the ledger may not have yet
     * @param deadLetters messages in all queues
     */
    record Health(long inFlight, long deadLetters) {}

    /** Puts details on the bus, as somebody does who delivers them again, and demands that all are taken. */
    void putEvents(String bus, List<String> details) throws InterruptedException {
        ObjectNode call = JSON.createObjectNode();
        ArrayNode entries = call.putArray("Entries");
        for (String detail : details) {
            entries.addObject()
                    .put("EventBusName", bus)
                    .put("Source", "order-ledger.api")
                    .put("DetailType", "OrderPlacementRequested")
                    .put("Detail", detail);
        }
        JsonNode result = answer(HttpRequest.newBuilder(services)
                .timeout(TIMEOUT)
                .header("X-Amz-Target", "AWSEvents.PutEvents")
                .header("Content-Type", "application/x-amz-json-1.1")
                .POST(BodyPublishers.ofString(call.toString()))
                .build());
        if (result.required("FailedEntryCount").asInt() != 0) {
            throw new IllegalStateException("The bus did not take what was delivered again: " + result);
        }
    }

    private JsonNode answer(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != OK) {
                throw new IllegalStateException(request.uri() + " answered " + response.statusCode());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(request.uri() + " did not answer", e);
        }
    }

    @Override
    public void close() {
        http.close();
        threads.close();
    }
}
