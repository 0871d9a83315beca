package io.orderledger.local.bus;

import static io.orderledger.local.services.Engines.PATIENCE;
import static io.orderledger.local.services.Engines.function;
import static io.orderledger.local.services.Engines.functionArn;
import static io.orderledger.local.services.Engines.queueArn;
import static io.orderledger.local.services.Engines.rule;
import static io.orderledger.local.services.Engines.ruleArn;
import static io.orderledger.local.services.Engines.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.FunctionDefinition.AsynchronousInvocation;
import io.orderledger.local.functions.Handlers;
import io.orderledger.local.services.Engines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;

class EventBusIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLACED = "{\"source\":[\"shop\"],\"detail-type\":[\"Placed\"]}";
    private static final String EXACT_DETAIL =
            "{\"price\": 1.10, \"big\":12345678901234567890.123456789, \"text\":\"O'Brien \\ud83c\\udf55 \\u2028 ✓\", \"n\":null}";

    @TempDir
    Path folder;

    @Test
    void delivers_the_event_in_eventbridges_envelope_with_the_detail_as_it_was_sent() throws IOException {
        try (Engines engines = recorder(PLACED)) {
            PutEventsResponse response = engines.eventBridge()
                    .putEvents(request -> request.entries(placed().detail(EXACT_DETAIL)
                            .resources("arn:aws:x:::y")
                            .time(java.time.Instant.parse("2026-03-01T10:11:12.900Z"))
                            .build()));

            await().atMost(PATIENCE).until(() -> Handlers.recorded(folder).size() == 1);
            String event = Handlers.recorded(folder).getFirst();
            JsonNode json = JSON.readTree(event);
            assertThat(event).contains(EXACT_DETAIL);
            assertThat(names(json))
                    .containsExactly(
                            "version",
                            "id",
                            "detail-type",
                            "source",
                            "account",
                            "time",
                            "region",
                            "resources",
                            "detail");
            assertThat(json.path("id").textValue())
                    .isEqualTo(response.entries().getFirst().eventId());
            assertThat(json.path("version").textValue()).isEqualTo("0");
            assertThat(json.path("account").textValue()).isEqualTo(Engines.ACCOUNT);
            assertThat(json.path("region").textValue()).isEqualTo(Engines.REGION);
            assertThat(json.path("time").textValue()).isEqualTo("2026-03-01T10:11:12Z");
            assertThat(json.path("resources").path(0).textValue()).isEqualTo("arn:aws:x:::y");
        }
    }

    @Test
    void delivers_only_what_the_pattern_matches() {
        String pattern = "{\"source\":[{\"prefix\":\"sh\"}],\"detail\":{\"total\":[{\"numeric\":[\">\",100]}],"
                + "\"note\":[{\"exists\":false}],\"city\":[{\"wildcard\":\"L*s\"}]}}";
        try (Engines engines = recorder(pattern)) {
            engines.eventBridge()
                    .putEvents(request -> request.entries(
                            placed().detail("{\"total\":101,\"city\":\"Leeds\",\"k\":1}")
                                    .build(),
                            placed().detail("{\"total\":99,\"city\":\"Leeds\",\"k\":2}")
                                    .build(),
                            placed().detail("{\"total\":101,\"city\":\"Leeds\",\"note\":\"\",\"k\":3}")
                                    .build(),
                            placed().detail("{\"total\":101,\"city\":\"York\",\"k\":4}")
                                    .build(),
                            placed().source("other")
                                    .detail("{\"total\":101,\"city\":\"Leeds\",\"k\":5}")
                                    .build(),
                            placed().detail("{\"total\":500,\"city\":\"Lewes\",\"k\":6}")
                                    .build()));

            await().atMost(PATIENCE).until(() -> engines.bus().waiting() == 0);
            await().atMost(PATIENCE).until(() -> engines.functions().waiting() == 0);
            assertThat(Handlers.recorded(folder).stream().map(event -> event.replaceAll(".*\"k\":(\\d).*", "$1")))
                    .containsExactlyInAnyOrder("1", "6");
        }
    }

    @Test
    void answers_an_event_id_for_a_bus_that_does_not_exist() {
        try (Engines engines = recorder(PLACED)) {
            PutEventsResponse response = engines.eventBridge()
                    .putEvents(request ->
                            request.entries(placed().eventBusName("nowhere").build()));

            assertThat(response.failedEntryCount()).isZero();
            assertThat(response.entries().getFirst().eventId()).hasSize(36);
            assertThat(engines.bus().waiting()).isZero();
        }
    }

    @Test
    void finds_a_bus_by_its_arn() {
        try (Engines engines = recorder(PLACED)) {
            engines.eventBridge()
                    .putEvents(request -> request.entries(
                            placed().eventBusName("arn:aws:events:eu-west-1:123456789012:event-bus/orders")
                                    .build()));

            await().atMost(PATIENCE).until(() -> Handlers.recorded(folder).size() == 1);
        }
    }

    @Test
    void refuses_bad_entries_one_by_one_and_takes_the_good_ones() {
        try (Engines engines = recorder(PLACED)) {
            PutEventsResponse response = engines.eventBridge()
                    .putEvents(request -> request.entries(
                            placed().detail("{\"good\":1}").build(),
                            placed().detail("[1]").build(),
                            placed().detail("{\"a\":1} {}").build(),
                            placed().detail("{\"a\":\"\\q\"}").build(),
                            placed().detail(null).build(),
                            placed().source("").build(),
                            placed().detailType(null).build(),
                            placed().detailType("x".repeat(129)).build(),
                            placed().source("aws.events").build()));

            assertThat(response.failedEntryCount()).isEqualTo(8);
            assertThat(response.entries().stream().map(PutEventsResultEntry::errorCode))
                    .containsExactly(
                            null,
                            "MalformedDetail",
                            "MalformedDetail",
                            "MalformedDetail",
                            "InvalidArgument",
                            "InvalidArgument",
                            "InvalidArgument",
                            "InvalidArgument",
                            "NotAuthorizedForSourceException");
            await().atMost(PATIENCE).until(() -> Handlers.recorded(folder).size() == 1);
        }
    }

    @Test
    void refuses_the_whole_call_without_entries_with_too_many_or_too_large_ones() {
        try (Engines engines = recorder(PLACED)) {
            List<PutEventsRequestEntry> eleven = java.util.Collections.nCopies(11, placed().build());
            String half = "{\"a\":\"" + "x".repeat(600_000) + "\"}";

            assertThatThrownBy(() -> engines.eventBridge().putEvents(request -> request.entries(List.of())))
                    .satisfies(EventBusIT::isValidationException);
            assertThatThrownBy(() -> engines.eventBridge().putEvents(request -> request.entries(eleven)))
                    .satisfies(EventBusIT::isValidationException);
            assertThatThrownBy(() -> engines.eventBridge()
                            .putEvents(request -> request.entries(
                                    placed().detail(half).build(),
                                    placed().detail(half).build())))
                    .satisfies(EventBusIT::isValidationException);
            assertThat(engines.eventBridge()
                            .putEvents(request ->
                                    request.entries(placed().detail(half).build()))
                            .failedEntryCount())
                    .isZero();
        }
    }

    @Test
    void sends_an_event_to_the_dead_letter_queue_at_once_where_the_rule_lacks_permission() throws IOException {
        try (Engines engines = Engines.start(folder, parts -> {
            parts.queues.add("dead");
            parts.functions.add(function(
                    "closed",
                    Handlers.Recorder.class,
                    AsynchronousInvocation.DEFAULT,
                    Duration.ofSeconds(10),
                    OptionalInt.empty(),
                    false));
            parts.rules.add(rule("r", PLACED, target(functionArn("closed"), 185, Duration.ofDays(1), "dead")));
            return parts;
        })) {
            String id = put(engines);

            Message message = engines.take("dead");
            assertThat(JSON.readTree(message.body()).path("id").textValue()).isEqualTo(id);
            assertThat(attributes(message))
                    .contains(
                            entry("RULE_ARN", ruleArn("r")),
                            entry("TARGET_ARN", functionArn("closed")),
                            entry("ERROR_CODE", "NO_PERMISSIONS"),
                            entry("RETRY_ATTEMPTS", "0"))
                    .containsKey("ERROR_MESSAGE")
                    .doesNotContainKey("EXHAUSTED_RETRY_CONDITION");
            assertThat(Handlers.recorded(folder)).isEmpty();
        }
    }

    @Test
    void sends_an_event_to_the_dead_letter_queue_at_once_where_the_target_does_not_exist() {
        try (Engines engines = Engines.start(folder, parts -> {
            parts.queues.add("dead");
            parts.rules.add(rule("r", PLACED, target(functionArn("gone"), 185, Duration.ofDays(1), "dead")));
            return parts;
        })) {
            put(engines);

            assertThat(attributes(engines.take("dead")))
                    .contains(entry("ERROR_CODE", "NO_RESOURCE"), entry("RETRY_ATTEMPTS", "0"));
        }
    }

    @Test
    void retries_a_target_that_throttles_and_then_gives_the_event_to_the_dead_letter_queue() {
        try (Engines engines = throttled(3, Duration.ofDays(1))) {
            put(engines);

            assertThat(attributes(engines.take("dead")))
                    .contains(
                            entry("ERROR_CODE", "THROTTLING"),
                            entry("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts"),
                            entry("RETRY_ATTEMPTS", "3"));
        }
    }

    @Test
    void gives_up_an_event_that_became_too_old() {
        try (Engines engines = throttled(185, Duration.ofMillis(50))) {
            put(engines);

            assertThat(attributes(engines.take("dead")))
                    .contains(
                            entry("ERROR_CODE", "THROTTLING"),
                            entry("EXHAUSTED_RETRY_CONDITION", "MaximumEventAgeInSeconds"));
        }
    }

    @Test
    void goes_on_after_a_restart_with_what_was_not_delivered() {
        String id;
        try (Engines engines = Engines.open(folder, this::recording)) {
            id = put(engines); // nothing is delivered: the engines were not resumed
            assertThat(engines.bus().waiting()).isEqualTo(1);
        }
        try (Engines engines = Engines.start(folder, this::recording)) {
            await().atMost(PATIENCE).until(() -> Handlers.recorded(folder).size() == 1);
            assertThat(Handlers.recorded(folder).getFirst()).contains(id);
            await().atMost(PATIENCE).until(() -> engines.bus().waiting() == 0);
        }
    }

    @Test
    void refuses_a_pattern_that_is_not_valid() {
        assertThatThrownBy(() -> recorder("{\"source\":[{\"prefx\":\"a\"}]}").close())
                .isInstanceOf(DefinitionException.class)
                .hasMessageStartingWith("sam/template.yaml:1: the event pattern is not valid");
    }

    @Test
    void refuses_a_target_that_is_no_function_and_a_dead_letter_queue_that_is_not_defined() {
        assertThatThrownBy(() -> Engines.open(folder, parts -> {
                            parts.queues.add("dead");
                            parts.rules.add(rule("r", PLACED, target(queueArn("dead"), 1, Duration.ofDays(1), "dead")));
                            return parts;
                        })
                        .close())
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("only functions can be targets");
    }

    private Engines recorder(String pattern) {
        return Engines.start(folder, parts -> {
            recording(parts);
            parts.rules.clear();
            parts.rules.add(rule("r", pattern, target(functionArn("f"), 185, Duration.ofDays(1), "dead")));
            return parts;
        });
    }

    private Engines.Parts recording(Engines.Parts parts) {
        parts.queues.add("dead");
        parts.functions.add(function("f", Handlers.Recorder.class, AsynchronousInvocation.DEFAULT));
        parts.rules.add(rule("r", PLACED, target(functionArn("f"), 185, Duration.ofDays(1), "dead")));
        return parts;
    }

    /** A function whose asynchronous queue takes nothing. */
    private Engines throttled(int retries, Duration age) {
        return Engines.start(folder, parts -> {
            parts.maximumWaiting = 0;
            parts.queues.add("dead");
            parts.functions.add(function("f", Handlers.Recorder.class, AsynchronousInvocation.DEFAULT));
            parts.rules.add(rule("r", PLACED, target(functionArn("f"), retries, age, "dead")));
            return parts;
        });
    }

    private static String put(Engines engines) {
        return engines.eventBridge()
                .putEvents(request -> request.entries(placed().build()))
                .entries()
                .getFirst()
                .eventId();
    }

    private static PutEventsRequestEntry.Builder placed() {
        return PutEventsRequestEntry.builder()
                .eventBusName("orders")
                .source("shop")
                .detailType("Placed")
                .detail("{}");
    }

    private static void isValidationException(Throwable thrown) {
        assertThat(thrown).isInstanceOf(EventBridgeException.class);
        var failure = (EventBridgeException) thrown;
        assertThat(failure.statusCode()).isEqualTo(400);
        assertThat(failure.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
        assertThat(failure.requestId()).isNotEmpty();
    }

    private static Map<String, String> attributes(Message message) {
        return message.messageAttributes().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, attribute -> attribute.getValue().stringValue()));
    }

    private static List<String> names(JsonNode json) {
        return json.properties().stream().map(Map.Entry::getKey).toList();
    }
}
