package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.definitions.RuleDefinition;
import io.orderledger.local.definitions.SamFolder;
import io.orderledger.local.definitions.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.Ruler;

/** What the ledger recorded comes to the bus of a whole local run, on its own. */
class AnnouncingIT {
    private static final Duration ANNOUNCED_WITHIN = Duration.ofSeconds(60);
    private static final Path SCHEMAS = TestInstance.SAM.resolve("schemas");

    @Test
    void what_was_recorded_comes_to_the_bus_in_order_and_as_its_schemas_say() throws Exception {
        try (TestInstance instance = TestInstance.start()) {
            UUID orderId = UUID.randomUUID();
            instance.post(order("announced"), "Idempotency-Key", orderId.toString());
            await().atMost(ANNOUNCED_WITHIN)
                    .until(() -> instance.get("/orders/" + orderId).statusCode() == 200);
            instance.cancel(orderId, "{\"reason\":\"Lee has moved\"}");

            await().atMost(ANNOUNCED_WITHIN).until(() -> announced(instance).size() == 2);

            List<JsonNode> events = announced(instance);
            assertThat(events)
                    .extracting(event -> event.at("/detail/type").asText())
                    .containsExactly("OrderPlaced", "OrderCancelled");
            assertThat(events)
                    .extracting(event -> event.at("/detail/version").asInt())
                    .containsExactly(1, 2);
            for (JsonNode event : events) {
                assertThat(event.path("source").asText()).isEqualTo(AnnouncedEvents.SOURCE);
                assertThat(event.path("detail-type").asText()).isEqualTo("OrderRecorded");
                assertThat(event.at("/detail/orderId").asText()).isEqualTo(orderId.toString());
                assertThat(problems("order-recorded-v1", event.path("detail"))).isEmpty();
                assertThat(problems(payloadSchema(event.path("detail")), event.at("/detail/payload")))
                        .isEmpty();
                assertThat(matchingRules(event)).isEmpty();
            }
            assertThat(events.toString()).doesNotContain("O'Brien", "moved");
            assertThat(instance.query("select event_id from ledger.refused")).isEmpty();

            await().atMost(ANNOUNCED_WITHIN)
                    .untilAsserted(() -> assertThat(json(CommandLineCalls.run(
                                                    "status",
                                                    "-o",
                                                    "ndjson",
                                                    "--data",
                                                    instance.data().toString())
                                            .out())
                                    .at("/publications/0/eventsBehind")
                                    .asText())
                            .isEqualTo("0"));
            assertThat(CommandLineCalls.run("status", "--data", instance.data().toString())
                            .out())
                    .contains("ANNOUNCED AS", "order_recorded");
        }
    }

    /** What the schema demands, it demands: a document without it does not fit. */
    @Test
    void the_schema_refuses_what_is_not_an_announcement() throws IOException {
        JsonNode detail = json("""
                {"eventId":"8e03978e-40d5-43e8-bc93-6894a57f9324","orderId":"8e03978e-40d5-43e8-bc93-6894a57f9324",
                 "type":"OrderCancelled","schemaVersion":1,"version":2,"position":7,"block":3,
                 "occurredAt":"2026-03-01T12:00:00.500000Z","recordedAt":"2026-03-01T12:00:00.600000Z","payload":{}}""");
        assertThat(problems("order-recorded-v1", detail)).isEmpty();

        for (String field : List.of("eventId", "version", "block", "recordedAt", "payload")) {
            assertThat(problems(
                            "order-recorded-v1", detail.<ObjectNode>deepCopy().without(field)))
                    .as("without " + field)
                    .isNotEmpty();
        }
    }

    /** Each rule of this stack, with every parameter that makes another one. */
    @Test
    void no_rule_of_the_stack_listens_to_what_is_announced() throws Exception {
        JsonNode event = json("""
                {"version":"0","id":"11710aed-b79e-4468-a20b-bb3c0c3b4860","detail-type":"OrderRecorded",
                 "source":"order-ledger.ledger","account":"123456789012","time":"2026-03-01T12:00:00Z","region":"eu-west-1",
                 "resources":[],"detail":{"orderId":"8e03978e-40d5-43e8-bc93-6894a57f9324","type":"OrderPlaced"}}""");

        assertThat(matchingRules(event)).isEmpty();
        // What would be matched is matched: the rules are those that the requests take.
        assertThat(matchingRules(json(event.toString()
                        .replace("OrderRecorded", "OrderPlacementRequested")
                        .replace("order-ledger.ledger", "order-ledger.api"))))
                .isNotEmpty();
    }

    private static List<String> matchingRules(JsonNode event) throws Exception {
        Stack stack = SamFolder.real().load();
        List<String> matching = new ArrayList<>();
        for (RuleDefinition rule : stack.rules()) {
            if (Ruler.matchesRule(event.toString(), rule.eventPattern())) {
                matching.add(rule.logicalId());
            }
        }
        return matching;
    }

    private static String payloadSchema(JsonNode detail) {
        return detail.path("type")
                        .asText()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                        .toLowerCase(Locale.ROOT) + "-v"
                + detail.path("schemaVersion").asInt();
    }

    private static List<?> problems(String schema, JsonNode document) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(json(Files.readString(SCHEMAS.resolve(schema + ".json"))))
                .validate(document);
    }

    private static List<JsonNode> announced(TestInstance instance) {
        Path file = AnnouncedEvents.fileIn(instance.data());
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().map(TestInstance::json).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
