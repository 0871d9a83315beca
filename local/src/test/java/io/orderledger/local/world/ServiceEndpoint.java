package io.orderledger.local.world;

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
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers the SDK's clients for a world's queues and bus, by the JSON protocols of SQS and EventBridge; to a dead session it answers nothing of
 * use.
 */
final class ServiceEndpoint implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int OK = 200;

    /** The SDK takes a 403 for final, and does not try again in real time. */
    private static final int FORBIDDEN = 403;

    private final World world;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    ServiceEndpoint(World world) {
        this.world = world;
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(executor);
        server.createContext("/", this::serve);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        boolean dead = world.time().session().map(Session::isDead).orElse(true);
        ObjectNode answer;
        int status = OK;
        try {
            if (dead) {
                throw new IllegalStateException("its caller is dead");
            }
            answer = answer(target.substring(target.indexOf('.') + 1), request);
        } catch (IllegalStateException e) {
            status = FORBIDDEN;
            answer = JSON.createObjectNode().put("__type", "AccessDenied").put("message", e.getMessage());
        }
        byte[] body = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private ObjectNode answer(String operation, JsonNode request) {
        String url = request.path("QueueUrl").asText();
        return switch (operation) {
            case "ReceiveMessage" -> receive(url, request);
            case "DeleteMessageBatch" ->
                batch(
                        request,
                        entry -> world.queues()
                                .delete(url, entry.path("ReceiptHandle").asText()));
            case "ChangeMessageVisibilityBatch" ->
                batch(
                        request,
                        entry -> world.queues()
                                .makeVisible(
                                        url,
                                        entry.path("ReceiptHandle").asText(),
                                        Duration.ofSeconds(
                                                entry.path("VisibilityTimeout").asInt())));
            case "GetQueueAttributes" -> attributes(url);
            case "PutEvents" -> putEvents(request);
            default -> throw new IllegalStateException(operation + " is not simulated");
        };
    }

    private ObjectNode receive(String url, JsonNode request) {
        if (world.faults().strikes(Fault.RECEIVE_REFUSED)) {
            throw new IllegalStateException("the queue is away");
        }
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode messages = answer.putArray("Messages");
        world.queues()
                .receive(
                        url,
                        request.path("MaxNumberOfMessages").asInt(1),
                        Duration.ofSeconds(request.path("VisibilityTimeout").asInt(30)))
                .forEach(message -> show(message, messages.addObject()));
        return answer;
    }

    private static void show(SimulatedQueues.Message message, ObjectNode shown) {
        shown.put("MessageId", message.id())
                .put("ReceiptHandle", message.receipt())
                .put("MD5OfBody", SimulatedQueues.md5(message.body()))
                .put("Body", message.body());
        shown.putObject("Attributes").put("ApproximateReceiveCount", Integer.toString(message.receives()));
        ObjectNode attributes = shown.putObject("MessageAttributes");
        message.errorCode()
                .ifPresent(code -> attributes
                        .putObject("ERROR_CODE")
                        .put("DataType", "String")
                        .put("StringValue", code));
    }

    /** What the publisher announces. The bus may take all of a call, some, or none, and its answer may be lost. */
    private ObjectNode putEvents(JsonNode request) {
        if (world.faults().strikes(Fault.PUT_REFUSED)) {
            throw new IllegalStateException("the bus is away");
        }
        ObjectNode taken = JSON.createObjectNode();
        ArrayNode entries = taken.putArray("Entries");
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode results = JSON.createArrayNode();
        int failed = 0;
        for (JsonNode entry : request.path("Entries")) {
            world.consumers().sent(entry.path("Detail").asText());
            if (world.faults().strikes(Fault.ENTRY_REFUSED)) {
                failed++;
                results.addObject().put("ErrorCode", "AccessDeniedException").put("ErrorMessage", "not now");
            } else {
                entries.add(entry);
                results.addObject().put("EventId", world.chance().uuid().toString());
            }
        }
        if (!entries.isEmpty()) {
            world.api().announce(taken);
        }
        if (world.faults().strikes(Fault.PUT_ANSWER_LOST)) {
            throw new IllegalStateException("the answer is lost");
        }
        answer.put("FailedEntryCount", failed);
        answer.set("Entries", results);
        return answer;
    }

    private interface Action {
        boolean on(JsonNode entry);
    }

    private static ObjectNode batch(JsonNode request, Action action) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode successful = answer.putArray("Successful");
        ArrayNode failed = answer.putArray("Failed");
        for (JsonNode entry : request.path("Entries")) {
            String id = entry.path("Id").asText();
            if (action.on(entry)) {
                successful.addObject().put("Id", id);
            } else {
                failed.addObject().put("Id", id).put("Code", "InternalError").put("SenderFault", false);
            }
        }
        return answer;
    }

    private ObjectNode attributes(String url) {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("Attributes")
                .put(
                        "ApproximateNumberOfMessages",
                        Integer.toString(world.queues().size(url)))
                .put("ApproximateNumberOfMessagesNotVisible", "0");
        return answer;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.close();
    }
}
