package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.cli.CommandLineCalls;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What can never be recorded is parked with its reason, wherever it comes from, and what is behind it comes through. */
class PoisonMessagesIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);
    private static final List<String> QUEUES =
            List.of("RuleDeadLetterQueue", "FunctionDeadLetterQueue", "WorkflowDeadLetterQueue");
    private static final Map<String, Integer> TRIED = new TreeMap<>();

    private static TestInstance instance;

    @BeforeAll
    static void start() {
        instance = TestInstance.start();
    }

    @AfterAll
    static void stop() throws Exception {
        instance.close();
        HostileReport.write("poison", "what it was | where it came from | what became of it", TRIED);
    }

    @Test
    void poison_in_every_dead_letter_queue_is_parked_and_holds_nothing_up() {
        Map<String, String> poison = poison();
        List<UUID> good = new ArrayList<>();
        try (SqsClient sqs = sqs()) {
            for (String queue : QUEUES) {
                String url = instance.run().instance().queues().get(queue);
                poison.forEach((kind, body) -> {
                    UUID eventId = UUID.randomUUID();
                    good.add(eventId);
                    sqs.sendMessage(request -> request.queueUrl(url).messageBody(body));
                    sqs.sendMessage(request -> request.queueUrl(url).messageBody(placing(eventId)));
                });
            }
        }

        JsonNode replayed = json(run("replay", "-o", "json"));

        // A kind is the same bytes in each queue, and one message that came on several ways is kept once.
        assertThat(replayed.at("/data/appended").asInt())
                .as(replayed.toString())
                .isEqualTo(good.size());
        assertThat(replayed.at("/data/refused").asInt()).isEqualTo(QUEUES.size() * poison.size());
        assertThat(good)
                .allSatisfy(id -> assertThat(
                                instance.query("select version from ledger.event where event_id = '" + id + "'"))
                        .containsExactly("1"));
        assertThat(json(instance.get("/health")).path("deadLetters"))
                .allSatisfy(waiting -> assertThat(waiting.asInt()).isZero());
        poison.forEach((kind, body) -> {
            assertThat(parkedDetails(body)).as(kind).singleElement().asString().isNotBlank();
            tried(kind, "dead-letter queue", "parked", QUEUES.size());
        });
        long parkedOnce = parked();

        String list = run("dead-letters", "list", "-o", "json", "--limit", "1000");
        assertThat(json(list).at("/data/messages").size()).isEqualTo((int) parkedOnce);
        assertThat(json(run("dead-letters", "replay", "--all", "--why", "a test", "--yes", "-o", "json"))
                        .path("status")
                        .asText())
                .isNotEmpty();
        assertThat(parked()).isEqualTo(parkedOnce);
    }

    @Test
    void poison_from_another_service_is_refused_by_the_bus_or_parked_and_holds_nothing_up() {
        for (Map.Entry<String, String> poison : reports().entrySet()) {
            for (String type : List.of("OrderPrepared", "OrderDispatched", "OrderDelivered")) {
                UUID good = UUID.randomUUID();
                long before = parked();

                JsonNode answer = put(type, poison.getValue());
                JsonNode next = put(type, report(good));

                assertThat(next.path("FailedEntryCount").asInt(-1))
                        .as(poison.getKey())
                        .isZero();
                boolean taken = answer.path("FailedEntryCount").asInt(-1) == 0;
                await(poison.getKey())
                        .atMost(SETTLED_WITHIN)
                        .until(() -> instance.query("select 1 from ledger.event where event_id = '" + good + "'")
                                        .size()
                                == 1);
                await(poison.getKey()).atMost(SETTLED_WITHIN).until(() -> parked() == before + (taken ? 1 : 0));
                tried(poison.getKey(), "report of another service", taken ? "parked" : "refused by the bus", 1);
            }
        }
        assertThat(json(instance.get("/health")).path("deadLetters"))
                .allSatisfy(waiting -> assertThat(waiting.asInt()).isZero());
    }

    /** Queues and bus carry text; whoever may invoke the function sends bytes. */
    @Test
    void poison_given_to_a_function_itself_is_parked() {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        poison().forEach((kind, body) -> bytes.put(kind, body.getBytes(StandardCharsets.UTF_8)));
        bytes.put("invalid UTF-8", new byte[] {'{', '"', (byte) 0xC3, 0x28, '"', ':', '1', '}'});
        bytes.put(
                "a surrogate in UTF-8",
                new byte[] {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0xBC, '"', ':', '1', '}'});
        bytes.put("UTF-16", placing(UUID.randomUUID()).getBytes(StandardCharsets.UTF_16));
        bytes.put(
                "a raw NUL",
                placing(UUID.randomUUID()).replace("Lee", "L\u0000e").getBytes(StandardCharsets.UTF_8));
        bytes.put("two megabytes", ("{\"a\":\"" + "x".repeat(2_000_000) + "\"}").getBytes(StandardCharsets.UTF_8));
        try (LambdaClient functions = LambdaClient.builder()
                .endpointOverride(instance.run().instance().services())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(SETTLED_WITHIN))
                .build()) {
            for (String function : List.of("CreateOrderFunction", "RecordProgressFunction", "CancelOrderFunction")) {
                String name = instance.run().instance().functions().get(function);
                bytes.forEach((kind, body) -> {
                    var answer = functions.invoke(request -> request.functionName(name)
                            .invocationType(InvocationType.REQUEST_RESPONSE)
                            .payload(SdkBytes.fromByteArray(body)));
                    // Its caller waits for an answer, and is told.
                    boolean tells = function.equals("CancelOrderFunction");
                    assertThat(answer.functionError() != null)
                            .as(function + ": " + kind)
                            .isEqualTo(tells);
                    assertThat(parkedDetails(body))
                            .as(function + ": " + kind)
                            .singleElement()
                            .asString()
                            .isNotBlank();
                    tried(kind, "given to a function", "parked", 1);
                });
            }
        }
    }

    private static void tried(String kind, String way, String outcome, int times) {
        TRIED.merge(kind + " | " + way + " | " + outcome, times, Integer::sum);
    }

    /** Each can be a message of SQS, and can never be an event. */
    private static Map<String, String> poison() {
        UUID id = UUID.fromString("5c1f7f0e-0b0e-4c53-9a55-5d6ad2b3c101");
        String valid = placing(id);
        Map<String, String> poison = new LinkedHashMap<>();
        poison.put("no JSON", "this is no JSON");
        poison.put("a blank", " ");
        poison.put("half an object", "{\"detail\":{");
        poison.put("a list", "[" + valid + "]");
        poison.put("null", "null");
        poison.put("a number", "1");
        poison.put("a text", "\"" + valid.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        poison.put("something after it", valid + "{}");
        poison.put("a comment", "/* c */" + valid);
        poison.put("a byte order mark", "\uFEFF" + valid);
        poison.put("another envelope", "{\"Records\":[{\"body\":\"x\"}]}");
        poison.put("an empty object", "{}");
        poison.put("an empty wrapping", "{\"requestPayload\":{}}");
        poison.put("a list in the wrapping", "{\"requestPayload\":[" + valid + "]}");
        poison.put("a text in the wrapping", "{\"requestPayload\":\"x\"}");
        poison.put("200 KB of text", "{\"a\":\"" + "x".repeat(200_000) + "\"}");
        poison.put("200 KB of brackets", "[".repeat(200_000));
        poison.put("20,000 objects in each other", "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000));
        poison.put(
                "100 objects in each other in the wrapping",
                "{\"requestPayload\":" + "{\"a\":".repeat(100) + "1" + "}".repeat(101));
        poison.put("a detail that is text", changed(valid, "/detail", "\"x\""));
        poison.put("an unknown type", changed(valid, "/detail-type", "\"OrderEaten\""));
        poison.put("a type that is a number", changed(valid, "/detail-type", "7"));
        poison.put("an unknown source", changed(valid, "/source", "\"evil\""));
        poison.put("an unknown schema version", changed(valid, "/detail/schemaVersion", "99"));
        poison.put("a schema version that is text", changed(valid, "/detail/schemaVersion", "\"2\""));
        poison.put("an event ID that is none", changed(valid, "/detail/eventId", "\"'; drop table ledger.event; --\""));
        poison.put("an event ID that is a list", changed(valid, "/detail/eventId", "[]"));
        poison.put("a NUL character", changed(valid, "/detail/data/customer/name", "\"a\\u0000b\""));
        poison.put("half of a surrogate pair", changed(valid, "/detail/data/customer/name", "\"a\\uD83Cb\""));
        poison.put("surrogates in the wrong order", changed(valid, "/detail/data/notes", "\"\\uDF55\\uD83C\""));
        poison.put("a NUL character in a name", valid.replace("\"currency\"", "\"cur\\u0000rency\""));
        poison.put("a number beyond int", changed(valid, "/detail/data/items/0/quantity", "99999999999999999999"));
        poison.put("a number beyond double", changed(valid, "/detail/data/items/0/unitPrice", "1e400"));
        poison.put("a number of 1,000 digits", changed(valid, "/detail/data/items/0/unitPrice", "9".repeat(1_000)));
        poison.put("a fraction", changed(valid, "/detail/data/items/0/quantity", "1.0"));
        poison.put("not a number", changed(valid, "/detail/data/items/0/quantity", "NaN"));
        poison.put("a time beyond long", changed(valid, "/detail/requestedAt", "9223372036854775808"));
        poison.put("a time in the year 292278994", changed(valid, "/detail/requestedAt", "9223372036854775807"));
        poison.put("a field twice", valid.replaceFirst("\"detail\":", "\"detail\":{},\"detail\":"));
        poison.put("a field twice, deep down", valid.replace("\"currency\":", "\"currency\":\"EUR\",\"currency\":"));
        poison.put("an unknown field", valid.replace("\"currency\":", "\"colour\":\"<b>\\r\\nred\",\"currency\":"));
        poison.put("101 items", changed(valid, "/detail/data/items", "[" + "{},".repeat(100) + "{}]"));
        return poison;
    }

    private static Map<String, String> reports() {
        String id = UUID.randomUUID().toString();
        String valid =
                "{\"orderId\":\"" + id + "\",\"eventId\":\"" + id + "\",\"occurredAt\":\"2026-01-01T00:00:00Z\"}";
        Map<String, String> reports = new LinkedHashMap<>();
        reports.put("no JSON", "no JSON");
        reports.put("a list", "[]");
        reports.put("half an object", "{\"orderId\":");
        reports.put("something after it", valid + "x");
        reports.put("nothing in it", "{}");
        reports.put("an order ID that is none", valid.replaceFirst(id, "'; select pg_sleep(9); --"));
        reports.put("an order ID that is a number", "{\"orderId\":1e400}");
        reports.put("a NUL character", valid.replaceFirst(id, "\\\\u0000"));
        reports.put("half of a surrogate pair", valid.replaceFirst(id, "\\\\uD83C"));
        reports.put("no time", valid.replace("2026-01-01T00:00:00Z", "yesterday"));
        reports.put("a time of no calendar", valid.replace("2026-01-01", "2026-02-30"));
        reports.put("a time beyond all", valid.replace("2026-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z"));
        reports.put("a field twice", valid.replaceFirst("\\{", "{\"orderId\":\"x\","));
        reports.put("data that is a list", valid.replaceFirst("}$", ",\"data\":[]}"));
        reports.put(
                "200 objects in each other",
                valid.replaceFirst("}$", ",\"data\":" + "{\"a\":".repeat(200) + "1" + "}".repeat(201)));
        reports.put(
                "20,000 objects in each other",
                valid.replaceFirst("}$", ",\"data\":" + "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_001)));
        reports.put(
                "a number of 1,000 digits", valid.replaceFirst("}$", ",\"schemaVersion\":" + "9".repeat(1_000) + "}"));
        reports.put("an unknown schema version", valid.replaceFirst("}$", ",\"schemaVersion\":99}"));
        reports.put("a million characters", "{\"orderId\":\"" + "x".repeat(1_000_000) + "\"}");
        reports.put("more than an entry may have", "{\"orderId\":\"" + "x".repeat(1_100_000) + "\"}");
        return reports;
    }

    private static String changed(String message, String pointer, String value) {
        ObjectNode body = (ObjectNode) json(message);
        int slash = pointer.lastIndexOf('/');
        ((ObjectNode) body.at(pointer.substring(0, slash))).put(pointer.substring(slash + 1), "\u0001here");
        return body.toString().replace("\"\\u0001here\"", value);
    }

    private static String placing(UUID eventId) {
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("version", "0")
                .put("id", eventId.toString())
                .put("detail-type", "OrderPlacementRequested")
                .put("source", "order-ledger.api")
                .put("time", "2026-11-22T18:43:48Z");
        event.putObject("detail")
                .put("eventId", eventId.toString())
                .put("schemaVersion", 2)
                .put("requestedAt", 1_795_373_028_123L)
                .put("path", "POST /orders")
                .set("data", json(order("poison")));
        return event.toString();
    }

    private static String report(UUID eventId) {
        return "{\"orderId\":\"" + UUID.randomUUID() + "\",\"eventId\":\"" + eventId + "\"}";
    }

    private static JsonNode put(String type, String detail) {
        ObjectNode call = JsonNodeFactory.instance.objectNode();
        call.putArray("Entries")
                .addObject()
                .put("EventBusName", "order-ledger-orders")
                .put("Source", "orders.fulfilment")
                .put("DetailType", type)
                .put("Detail", detail);
        return json(instance.send(
                "POST",
                instance.run().instance().services().toString(),
                call.toString(),
                "X-Amz-Target",
                "AWSEvents.PutEvents",
                "Content-Type",
                "application/x-amz-json-1.1"));
    }

    private static long parked() {
        return Long.parseLong(
                instance.query("select count(*) from ledger.refused").getFirst());
    }

    /** Found by its bytes: what a queue or a function got, or what was in its wrapping. */
    private static List<String> parkedDetails(String body) {
        String inner = body.startsWith("{\"requestPayload\":{")
                ? body.substring("{\"requestPayload\":".length(), body.length() - 1)
                : body;
        return parkedDetails(inner.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> parkedDetails(byte[] message) {
        return instance.query("select detail from ledger.refused where reason = 'INVALID' and message = decode('"
                + java.util.HexFormat.of().formatHex(message) + "', 'hex')");
    }

    private static String run(String... command) {
        String[] arguments = java.util.Arrays.copyOf(command, command.length + 2);
        arguments[command.length] = "--data";
        arguments[command.length + 1] = instance.data().toString();
        return CommandLineCalls.run(arguments).out();
    }

    private static SqsClient sqs() {
        URI services = instance.run().instance().services();
        return SqsClient.builder()
                .endpointOverride(services)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(SETTLED_WITHIN))
                .build();
    }
}
