package io.orderledger.local.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.event.ruler.Machine;

/** What is matched, kept and refused on the bus. The archive and the bus's policy do nothing in a local run, so they are looked at here. */
class BusDefinitionsTest {
    private static final Path SAM = Path.of("../sam");
    private static final Path GOLDEN_MESSAGES = Path.of("../handlers/src/test/resources/golden");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> REPORTS = List.of("OrderPrepared", "OrderDispatched", "OrderDelivered");

    private final JsonNode template = YamlFile.read(SAM.resolve("template.yaml"), "sam/template.yaml", true)
            .toJson();
    private final Stack stack = SamFolder.real().load();

    @ParameterizedTest
    @CsvSource({
        "order-ledger.api, OrderPlacementRequested, true",
        "order-ledger.api, OrderCancellationRequested, false",
        "order-ledger.api, OrderPrepared, false",
        "order-ledger.ledger, OrderRecorded, false",
        "order-ledger, OrderRecorded, false",
        "orders.fulfilment, OrderPrepared, true",
        "orders.fulfilment, OrderDispatched, true",
        "orders.fulfilment, OrderDelivered, true",
        "orders.fulfilment, OrderPlacementRequested, false",
        "orders.fulfilment, OrderRecorded, false",
        "somebody.else, OrderPrepared, false",
    })
    void the_archive_keeps_what_a_rule_takes_and_nothing_else(String source, String detailType, boolean isTaken)
            throws IOException {
        String event = """
                {"source":"%s","detail-type":"%s","detail":{}}""".formatted(source, detailType);

        assertThat(stack.rules().stream()
                        .filter(rule -> matches(event, rule.eventPattern()))
                        .count())
                .isEqualTo(isTaken ? 1 : 0);
        assertThat(matches(event, archivePattern())).isEqualTo(isTaken);
    }

    @Test
    void rules_and_archive_take_the_messages_that_functions_read_on_the_bus() throws IOException {
        for (Path message : goldenMessages()) {
            String event = Files.readString(message);
            boolean isOnTheBus = !message.getFileName().toString().startsWith("OrderCancellationRequested");

            assertThat(stack.rules().stream()
                            .filter(rule -> matches(event, rule.eventPattern()))
                            .count())
                    .as(message.toString())
                    .isEqualTo(isOnTheBus ? 1 : 0);
            assertThat(matches(event, archivePattern())).as(message.toString()).isEqualTo(isOnTheBus);
        }
    }

    @Test
    void no_days_make_no_archive_where_eventbridge_would_keep_events_for_ever() {
        assertThat(template.at("/Resources/OrderEventArchive/Condition").asText())
                .isEqualTo("ArchivesEvents");
        assertThat(template.at("/Conditions/ArchivesEvents").toString())
                .isEqualTo("{\"Fn::Not\":[{\"Fn::Equals\":[{\"Ref\":\"EventArchiveDays\"},0]}]}");
        assertThat(template.at("/Parameters/EventArchiveDays/Default").asInt()).isEqualTo(30);
    }

    /** Deny alone: what is allowed, identities' policies say, and the bus's policy lets nobody in whom they do not. */
    @Test
    void the_policy_of_the_bus_only_denies_and_knows_the_same_sources_as_the_rules() {
        List<JsonNode> statements = template.path("Resources").properties().stream()
                .map(Map.Entry::getValue)
                .filter(resource -> resource.path("Type").asText().equals("AWS::Events::EventBusPolicy"))
                .map(resource -> resource.at("/Properties/Statement"))
                .toList();

        assertThat(statements).hasSize(3).allSatisfy(statement -> {
            assertThat(statement.path("Effect").asText()).isEqualTo("Deny");
            assertThat(statement.path("Action").asText()).isEqualTo("events:PutEvents");
            assertThat(statement.path("Resource").toString()).isEqualTo("{\"Fn::GetAtt\":\"OrderBus.Arn\"}");
        });
        assertThat(template.at("/Resources/OrderBusOnlyKnownSources/Properties/Statement/Condition")
                        .toString())
                .isEqualTo("{\"StringNotLike\":{\"events:source\":\"order-ledger.*\"},"
                        + "\"StringNotEquals\":{\"events:source\":{\"Ref\":\"ServiceEventSources\"}}}");
        assertThat(template.at(
                                "/Resources/ReportProgressPolicy/Properties/PolicyDocument/Statement/0/Condition/StringEquals")
                        .toString())
                .isEqualTo("{\"events:source\":{\"Ref\":\"ServiceEventSources\"},\"events:detail-type\":"
                        + "[\"OrderPrepared\",\"OrderDispatched\",\"OrderDelivered\"]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kitchen", "kitchen,courier", "kitchen, courier", "a/b.c-d_e"})
    void sources_are_given_as_a_list(String sources) {
        Stack given = SamFolder.real().load(Map.of("ServiceEventSources", sources));

        for (String source : sources.split(",", -1)) {
            String event = """
                    {"source":"%s","detail-type":"OrderPrepared","detail":{}}""".formatted(source.strip());
            assertThat(given.rules().stream().filter(rule -> matches(event, rule.eventPattern())))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kitchen,", "kitchen,a b", "*"})
    void each_source_of_the_list_has_to_be_one(String sources) {
        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> SamFolder.real().load(Map.of("ServiceEventSources", sources)))
                .withMessageContaining("ServiceEventSources must match");
    }

    @Test
    void the_dead_letter_queue_takes_from_both_rules() {
        assertThat(stack.rules()).hasSize(2).allSatisfy(rule -> {
            String queue = rule.targets().getFirst().deadLetterQueueArn().orElseThrow();
            assertThat(stack.maySend(queue, "events.amazonaws.com", rule.arn())).isTrue();
            assertThat(stack.maySend(queue, "events.amazonaws.com", rule.arn() + "2"))
                    .isFalse();
            assertThat(stack.mayInvoke(rule.targets().getFirst().arn(), "events.amazonaws.com", rule.arn()))
                    .isTrue();
        });
    }

    @Test
    void the_sample_reports_fit_their_schemas_and_are_taken() throws IOException {
        JsonNode entries = JSON.readTree(SAM.resolve("samples/reports.json").toFile());

        assertThat(entries).hasSize(3).allSatisfy(entry -> {
            String type = entry.path("DetailType").asText();
            JsonNode detail = JSON.readTree(entry.path("Detail").asText());
            assertThat(REPORTS).contains(type);
            String schema = type.replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT) + "-reported-v1.json";
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(JSON.readTree(
                                    SAM.resolve("schemas/" + schema).toFile()))
                            .validate(detail))
                    .isEmpty();
            String event = JSON.createObjectNode()
                    .put("source", entry.path("Source").asText())
                    .put("detail-type", type)
                    .toString();
            assertThat(stack.rules().stream().filter(rule -> matches(event, rule.eventPattern())))
                    .hasSize(1);
        });
    }

    private String archivePattern() {
        return template.at("/Resources/OrderEventArchive/Properties/EventPattern")
                .toString()
                .replace("{\"Ref\":\"ServiceEventSources\"}", "[\"orders.fulfilment\"]");
    }

    private static boolean matches(String event, String pattern) {
        try {
            Machine machine = Machine.builder().build();
            machine.addRule("rule", pattern);
            return machine.rulesForJSONEvent(event).contains("rule");
        } catch (Exception e) { // the matcher declares it
            throw new AssertionError(e);
        }
    }

    private static List<Path> goldenMessages() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN_MESSAGES)) {
            return files.sorted().toList();
        }
    }
}
