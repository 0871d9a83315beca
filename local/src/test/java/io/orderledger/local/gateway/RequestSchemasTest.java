package io.orderledger.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.orderledger.local.definitions.Route;
import io.orderledger.local.definitions.SamFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schemas of stored requests, against what the API takes and what its templates store. */
class RequestSchemasTest {

    private static final Path SCHEMAS = Path.of("../sam/schemas");
    private static final Path GOLDEN_REQUESTS = Path.of("../handlers/src/test/resources/golden");
    private static final String PLACEMENT = "order-placement-requested";
    private static final String CANCELLATION = "order-cancellation-requested";
    private static final String KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324";

    /** Keywords that tell people something and say nothing about a document. */
    private static final Set<String> FOR_PEOPLE = Set.of("description", "default", "title");

    @ParameterizedTest
    @ValueSource(strings = {"", "\"channel\":\"WEB\",", "\"channel\":\"UNSPECIFIED\","})
    void a_placing_is_stored_as_the_schema_of_its_version_says(String channel) throws IOException {
        try (RunningGateway gateway = new RunningGateway(SamFolder.real().load())) {
            gateway.services().answer(_ -> RecordingServices.Answer.of(200, "{}"));
            String order = """
                    {"customer":{"id":"lee","name":"Lee O'Brien"},%s"currency":"GBP",
                     "items":[{"sku":"margherita","quantity":2,"unitPrice":950}]}""".formatted(channel);
            gateway.sendJson("POST", "/orders", order, "Idempotency-Key", KEY);

            JsonNode entry = Json.parse(gateway.services().onlyCall().body())
                    .orElseThrow()
                    .at("/Entries/0");
            JsonNode detail = Json.parse(entry.path("Detail").textValue()).orElseThrow();
            assertFits(detail, PLACEMENT);
            assertThat(detail.path("schemaVersion").intValue()).isEqualTo(newest(PLACEMENT));
        }
    }

    @Test
    void a_cancellation_is_stored_as_the_schema_of_its_version_says() throws IOException {
        try (RunningGateway gateway = new RunningGateway(SamFolder.real().load())) {
            gateway.services().answer(_ -> RecordingServices.Answer.of(200, "{}"));
            gateway.sendJson("PUT", "/orders/" + KEY + "/cancellation", "{\"reason\":\"too spicy\"}");

            String input = Json.parse(gateway.services().onlyCall().body())
                    .orElseThrow()
                    .path("input")
                    .textValue();
            JsonNode detail = Json.parse(input).orElseThrow().path("detail");
            assertFits(detail, CANCELLATION);
            assertThat(detail.path("schemaVersion").intValue()).isEqualTo(newest(CANCELLATION));
        }
    }

    static List<Path> goldenRequests() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN_REQUESTS)) {
            List<Path> requests = files.sorted().toList();
            assertThat(requests).isNotEmpty();
            return requests;
        }
    }

    @ParameterizedTest
    @MethodSource("goldenRequests")
    void requests_of_every_version_fit_their_schema(Path request) throws IOException {
        JsonNode message = Json.MAPPER.readTree(request.toFile());

        assertFits(
                message.path("detail"),
                switch (message.path("detail-type").textValue()) {
                    case "OrderPlacementRequested" -> PLACEMENT;
                    case "OrderCancellationRequested" -> CANCELLATION;
                    case "OrderPrepared" -> "order-prepared-reported";
                    case "OrderDispatched" -> "order-dispatched-reported";
                    case "OrderDelivered" -> "order-delivered-reported";
                    default -> throw new AssertionError(request);
                });
    }

    /** Nobody learns from the schema of the newest version that something is allowed which the API refuses, nor the reverse. */
    @ParameterizedTest
    @CsvSource({"POST, /orders, " + PLACEMENT, "PUT, /orders/{orderId}/cancellation, " + CANCELLATION})
    void the_model_of_a_body_has_the_rules_of_the_newest_schema(String method, String path, String name)
            throws IOException {
        JsonNode model = SamFolder.real().load().api().routes().stream()
                .filter(route -> route.method().equals(method) && route.path().equals(path))
                .map(Route::models)
                .map(models -> models.get("application/json"))
                .findFirst()
                .orElseThrow();
        JsonNode published = schema(name, newest(name));

        // As text and back: the same number read from YAML and from JSON is of another Java type.
        assertThat(Json.parse(Json.text(rules(model, model))))
                .contains(rules(published.at("/properties/data"), published));
    }

    private static void assertFits(JsonNode detail, String name) throws IOException {
        int version = detail.path("schemaVersion").intValue();
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema(name, version))
                        .validate(detail))
                .isEmpty();
    }

    private static JsonNode schema(String name, int version) throws IOException {
        return Json.MAPPER.readTree(
                SCHEMAS.resolve(name + "-v" + version + ".json").toFile());
    }

    private static int newest(String name) throws IOException {
        Pattern versions = Pattern.compile(name + "-v([0-9]+)\\.json");
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            return files.map(file -> versions.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToInt(file -> Integer.parseInt(file.group(1)))
                    .max()
                    .orElseThrow();
        }
    }

    /** The schema with every reference replaced by what it names, and without what only people read. */
    private static JsonNode rules(JsonNode schema, JsonNode document) {
        if (schema instanceof ArrayNode array) {
            ArrayNode elements = Json.MAPPER.createArrayNode();
            array.forEach(element -> elements.add(rules(element, document)));
            return elements;
        }
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        if (object.has("$ref")) {
            return rules(document.at(object.get("$ref").textValue().substring(1)), document);
        }
        ObjectNode rules = Json.MAPPER.createObjectNode();
        object.properties().forEach(keyword -> {
            boolean isForPeople =
                    FOR_PEOPLE.contains(keyword.getKey()) && !keyword.getValue().isObject();
            if (!isForPeople && !keyword.getKey().equals("definitions")) {
                rules.set(keyword.getKey(), rules(keyword.getValue(), document));
            }
        });
        return rules;
    }
}
