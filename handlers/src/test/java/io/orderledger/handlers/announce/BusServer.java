package io.orderledger.handlers.announce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * PutEvents over its own wire protocol: it keeps what it takes, in the order in which it took it, and refuses what a test says. It is as strict
 * as Regions were before their limits were raised.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html">PutEvents</a>
 */
public final class BusServer implements AutoCloseable {
    private static final int MAX_ENTRIES = 10;
    private static final int MAX_SIZE_BYTES = 256 * 1024;
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<JsonNode> taken = new ArrayList<>();
    private final List<Integer> calls = new ArrayList<>();
    private volatile Function<JsonNode, Optional<String>> refusals = _ -> Optional.empty();
    private volatile Consumer<List<JsonNode>> beforeTaking = _ -> {};
    private volatile boolean silent;
    private volatile boolean denying;

    public BusServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The details of all entries that it took, each time that it took them. */
    public synchronized List<JsonNode> taken() {
        return List.copyOf(taken);
    }

    /** How many entries each call had. */
    synchronized List<Integer> calls() {
        return List.copyOf(calls);
    }

    /** Asked for each entry's detail: the code by which it is refused. */
    void refuse(Function<JsonNode, Optional<String>> code) {
        refusals = code;
    }

    /** Is given the details of each call before they are taken. */
    void beforeTaking(Consumer<List<JsonNode>> wait) {
        beforeTaking = wait;
    }

    /** Whether it takes entries without telling so. */
    void silent(boolean value) {
        silent = value;
    }

    /** Whether it refuses every call, as it does without a right to it. */
    public void deny(boolean value) {
        denying = value;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            if (denying) {
                answer(exchange, 400, JSON.createObjectNode().put("__type", "AccessDeniedException"));
                return;
            }
            if (!"AWSEvents.PutEvents".equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                    || request.path("Entries").isEmpty()
                    || request.path("Entries").size() > MAX_ENTRIES
                    || sizeBytes(request.path("Entries")) > MAX_SIZE_BYTES) {
                answer(exchange, 400, JSON.createObjectNode().put("__type", "ValidationException"));
                return;
            }
            List<JsonNode> details = new ArrayList<>();
            for (JsonNode entry : request.path("Entries")) {
                details.add(JSON.readTree(entry.path("Detail").textValue()));
            }
            beforeTaking.accept(details);
            ObjectNode result = take(request.path("Entries"), details);
            if (!silent) {
                answer(exchange, 200, result);
            }
        }
    }

    private synchronized ObjectNode take(JsonNode entries, List<JsonNode> details) {
        ObjectNode result = JSON.createObjectNode();
        ArrayNode results = result.putArray("Entries");
        int failed = 0;
        calls.add(details.size());
        for (int i = 0; i < details.size(); i++) {
            JsonNode entry = entries.get(i);
            Optional<String> refusal = refusals.apply(details.get(i));
            if (refusal.isPresent()
                    || !entry.path("Source").asText().equals("order-ledger.ledger")
                    || !entry.path("DetailType").asText().equals("OrderRecorded")
                    || !entry.path("EventBusName").asText().equals("orders")) {
                failed++;
                results.addObject().put("ErrorCode", refusal.orElse("InvalidArgument"));
            } else {
                taken.add(details.get(i));
                results.addObject().put("EventId", "11710aed-b79e-4468-a20b-bb3c0c3b4860");
            }
        }
        return result.put("FailedEntryCount", failed);
    }

    private static int sizeBytes(JsonNode entries) {
        int size = 0;
        for (JsonNode entry : entries) {
            for (String member : List.of("Source", "DetailType", "Detail")) {
                size += entry.path(member).asText().getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return size;
    }

    private static void answer(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
