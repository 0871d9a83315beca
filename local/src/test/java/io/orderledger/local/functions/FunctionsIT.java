package io.orderledger.local.functions;

import static io.orderledger.local.services.Engines.PATIENCE;
import static io.orderledger.local.services.Engines.function;
import static io.orderledger.local.services.Engines.functionArn;
import static io.orderledger.local.services.Engines.queueArn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.FunctionDefinition;
import io.orderledger.local.definitions.FunctionDefinition.AsynchronousInvocation;
import io.orderledger.local.functions.FunctionUnavailable.Reason;
import io.orderledger.local.services.Engines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] EVENT = "{\"n\": 1.10, \"text\":\"é\"}".getBytes(UTF_8);
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    @TempDir
    Path folder;

    @Test
    void answers_with_the_bytes_that_the_handler_wrote() {
        try (Engines engines = with(plain("f", Handlers.Echo.class))) {
            InvocationResult result = engines.functions().invoke(functionArn("f"), EVENT);

            assertThat(((InvocationResult.Success) result).payload()).isEqualTo(EVENT);
        }
    }

    @Test
    void gives_the_handler_its_environment_and_a_context() {
        try (Engines engines = with(plain("f", Handlers.Describer.class))) {
            InvocationResult result = engines.functions().invoke(functionArn("f") + ":live", EVENT);

            assertThat(new String(((InvocationResult.Success) result).payload(), UTF_8))
                    .isEqualTo("f|f|f|" + functionArn("f") + ":live|512|true|true");
        }
    }

    @Test
    void answers_an_exception_as_lambdas_java_runtime_does() throws IOException {
        try (Engines engines = with(plain("f", Handlers.Thrower.class))) {
            JsonNode error = error(engines.functions().invoke(functionArn("f"), EVENT));

            assertThat(error.path("errorType").textValue()).isEqualTo(Handlers.NotToday.class.getName());
            assertThat(error.path("errorMessage").textValue()).isEqualTo("not today");
            assertThat(error.path("stackTrace").path(0).textValue()).contains("Handlers$Thrower.handleRequest");
            assertThat(error.path("cause").path("errorType").textValue())
                    .isEqualTo("java.lang.IllegalArgumentException");
        }
    }

    @Test
    void answers_a_failed_initialisation_as_an_error_and_tries_again_the_next_time() throws IOException {
        try (Engines engines = with(plain("f", Handlers.Stillborn.class))) {
            assertThat(error(engines.functions().invoke(functionArn("f"), EVENT))
                            .path("errorMessage")
                            .textValue())
                    .isEqualTo("no database for f");
            assertThat(error(engines.functions().invoke(functionArn("f"), EVENT))
                            .path("errorMessage")
                            .textValue())
                    .isEqualTo("no database for f");
        }
    }

    @Test
    void ends_an_invocation_at_its_timeout_and_never_uses_that_environment_again() throws Exception {
        Handlers.Waiter.interrupted = new CountDownLatch(1);
        Handlers.Waiter.INSTANCES.set(0);
        var definition = function(
                "f",
                Handlers.Waiter.class,
                AsynchronousInvocation.DEFAULT,
                Duration.ofMillis(1500),
                OptionalInt.empty(),
                true);
        try (Engines engines = with(definition)) {
            JsonNode error = error(engines.functions().invoke(functionArn("f"), EVENT));
            assertThat(error.path("errorMessage").textValue()).endsWith("Task timed out after 1.50 seconds");
            assertThat(error.path("errorType").textValue()).isEqualTo("Sandbox.Timedout");
            assertThat(Handlers.Waiter.interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();

            engines.functions().invoke(functionArn("f"), EVENT);
            assertThat(Handlers.Waiter.INSTANCES.get()).isEqualTo(2);
        }
    }

    @Test
    void throttles_beyond_the_reserved_concurrency() {
        Handlers.Gate.reset();
        var definition = function(
                "f",
                Handlers.Gate.class,
                AsynchronousInvocation.DEFAULT,
                Duration.ofSeconds(20),
                OptionalInt.of(2),
                true);
        try (Engines engines = with(definition)) {
            var running = IntStream.range(0, 2)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(
                            () -> engines.functions().invoke(functionArn("f"), EVENT), THREADS))
                    .toList();
            await().atMost(PATIENCE).until(() -> Handlers.Gate.INSIDE.get() == 2);

            assertThatThrownBy(() -> engines.functions().invoke(functionArn("f"), EVENT))
                    .isInstanceOfSatisfying(
                            FunctionUnavailable.class,
                            e -> assertThat(e.reason().errorCode()).isEqualTo("TooManyRequestsException"));
            Handlers.Gate.open.countDown();
            assertThat(running)
                    .allSatisfy(each -> assertThat(each.join()).isInstanceOf(InvocationResult.Success.class));
        }
    }

    @Test
    void uses_one_handler_for_one_invocation_at_a_time_and_uses_it_again_afterwards() {
        Handlers.Gate.reset();
        try (Engines engines = with(plain("f", Handlers.Gate.class))) {
            var running = IntStream.range(0, 20)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(
                            () -> engines.functions().invoke(functionArn("f"), EVENT), THREADS))
                    .toList();
            await().atMost(PATIENCE).until(() -> Handlers.Gate.INSIDE.get() == Function.DEFAULT_MAXIMUM_ENVIRONMENTS);
            Handlers.Gate.open.countDown();
            running.forEach(CompletableFuture::join);

            assertThat(Handlers.Gate.INSTANCES.get()).isEqualTo(Function.DEFAULT_MAXIMUM_ENVIRONMENTS);
            assertThat(Handlers.Gate.SHARED.get()).isZero();
        }
    }

    @Test
    void says_that_a_function_does_not_exist() {
        try (Engines engines = with(plain("f", Handlers.Echo.class))) {
            assertThatThrownBy(() -> engines.functions().invoke(functionArn("other"), EVENT))
                    .isInstanceOfSatisfying(
                            FunctionUnavailable.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.NO_FUNCTION));
            assertThatThrownBy(() -> engines.functions().invokeAsync(functionArn("other"), EVENT))
                    .isInstanceOf(FunctionUnavailable.class);
        }
    }

    @Test
    void permits_only_what_a_statement_names() {
        try (Engines engines = with(plain("f", Handlers.Echo.class))) {
            Functions functions = engines.functions();
            assertThat(functions.permits(functionArn("f"), "events.amazonaws.com", Engines.ruleArn("r")))
                    .isTrue();
            assertThat(functions.permits(functionArn("f"), "events.amazonaws.com", "arn:aws:events:x:y:rule/r"))
                    .isFalse();
            assertThat(functions.permits(functionArn("f"), "s3.amazonaws.com", Engines.ruleArn("r")))
                    .isFalse();
            assertThat(functions.permits(functionArn("f") + ":live", "events.amazonaws.com", Engines.ruleArn("r")))
                    .isFalse();
        }
    }

    @Test
    void retries_a_failing_event_under_the_same_request_id_until_it_succeeds() {
        Handlers.ThirdTimeLucky.CALLS.set(0);
        Handlers.ThirdTimeLucky.REQUEST_IDS.clear();
        try (Engines engines = with(withQueue("f", Handlers.ThirdTimeLucky.class, 2, Duration.ofHours(6)))) {
            engines.functions().invokeAsync(functionArn("f"), EVENT);

            await().atMost(PATIENCE).until(() -> engines.functions().waiting() == 0);
            assertThat(Handlers.ThirdTimeLucky.CALLS.get()).isEqualTo(3);
            assertThat(Handlers.ThirdTimeLucky.REQUEST_IDS)
                    .hasSize(3)
                    .containsOnly(Handlers.ThirdTimeLucky.REQUEST_IDS.getFirst());
            assertThat(engines.queues().messages(queueArn("failed"))).isZero();
        }
    }

    @Test
    void sends_an_event_whose_retries_are_exhausted_to_the_destination_in_lambdas_form() throws IOException {
        Handlers.Thrower.CALLS.set(0);
        try (Engines engines = with(withQueue("f", Handlers.Thrower.class, 2, Duration.ofHours(6)))) {
            engines.functions().invokeAsync(functionArn("f"), EVENT);

            String body = engines.take("failed").body();
            JsonNode record = JSON.readTree(body);
            assertThat(Handlers.Thrower.CALLS.get()).isEqualTo(3);
            assertThat(record.properties().stream().map(Map.Entry::getKey))
                    .containsExactly(
                            "version",
                            "timestamp",
                            "requestContext",
                            "requestPayload",
                            "responseContext",
                            "responsePayload");
            assertThat(record.path("version").textValue()).isEqualTo("1.0");
            assertThat(record.path("timestamp").textValue())
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            JsonNode context = record.path("requestContext");
            assertThat(context.path("requestId").textValue()).hasSize(36);
            assertThat(context.path("functionArn").textValue()).isEqualTo(functionArn("f") + ":$LATEST");
            assertThat(context.path("condition").textValue()).isEqualTo("RetriesExhausted");
            assertThat(context.path("approximateInvokeCount").intValue()).isEqualTo(3);
            assertThat(body).contains(new String(EVENT, UTF_8));
            assertThat(record.path("responseContext"))
                    .isEqualTo(JSON.readTree(
                            "{\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":\"Unhandled\"}"));
            assertThat(record.path("responsePayload").path("errorType").textValue())
                    .isEqualTo(Handlers.NotToday.class.getName());
        }
    }

    @Test
    void gives_up_an_event_that_became_too_old_before_its_retries_were_used_up() throws IOException {
        try (Engines engines = with(withQueue("f", Handlers.Thrower.class, 2, Duration.ofMillis(1)))) {
            engines.functions().invokeAsync(functionArn("f"), EVENT);

            JsonNode record = JSON.readTree(engines.take("failed").body());
            assertThat(record.path("requestContext").path("condition").textValue())
                    .isEqualTo("EventAgeExceeded");
            assertThat(record.path("requestContext")
                            .path("approximateInvokeCount")
                            .intValue())
                    .isLessThan(3);
        }
    }

    @Test
    void waits_out_throttling_without_counting_it() {
        Handlers.Gate.reset();
        var definition = function(
                "f",
                Handlers.Gate.class,
                new AsynchronousInvocation(0, Duration.ofHours(6), Optional.of(queueArn("failed"))),
                Duration.ofSeconds(20),
                OptionalInt.of(1),
                true);
        try (Engines engines = with(definition)) {
            IntStream.range(0, 5).forEach(_ -> engines.functions().invokeAsync(functionArn("f"), EVENT));
            await().atMost(PATIENCE).until(() -> Handlers.Gate.INSIDE.get() == 1);
            assertThat(engines.functions().waiting()).isEqualTo(5);

            Handlers.Gate.open.countDown();
            await().atMost(PATIENCE).until(() -> engines.functions().waiting() == 0);
            assertThat(engines.queues().messages(queueArn("failed"))).isZero();
        }
    }

    @Test
    void goes_on_after_a_restart_with_what_was_not_done() {
        var definition = plain("f", Handlers.Recorder.class);
        try (Engines engines = Engines.open(folder, parts -> add(parts, definition))) {
            IntStream.range(0, 100)
                    .forEach(i ->
                            engines.functions().invokeAsync(functionArn("f"), ("{\"i\":" + i + "}").getBytes(UTF_8)));
        }
        try (Engines engines = with(definition)) {
            await().atMost(PATIENCE).until(() -> engines.functions().waiting() == 0);
            assertThat(Handlers.recorded(folder))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100)
                            .mapToObj(i -> "{\"i\":" + i + "}")
                            .toList());
        }
    }

    @Test
    void does_not_count_an_invocation_that_the_end_of_the_run_interrupted() throws Exception {
        Handlers.Waiter.interrupted = new CountDownLatch(1);
        Handlers.Waiter.INSTANCES.set(0);
        try (Engines engines = with(function(
                "f",
                Handlers.Waiter.class,
                new AsynchronousInvocation(0, Duration.ofHours(6), Optional.of(queueArn("failed"))),
                Duration.ofMinutes(1),
                OptionalInt.empty(),
                true))) {
            engines.functions().invokeAsync(functionArn("f"), EVENT);
            await().atMost(PATIENCE).until(() -> Handlers.Waiter.INSTANCES.get() == 1);
        }
        try (Engines engines = with(plain("f", Handlers.Recorder.class))) {
            await().atMost(PATIENCE).until(() -> Handlers.recorded(folder).size() == 1);
            assertThat(engines.queues().messages(queueArn("failed"))).isZero();
        }
    }

    @Test
    void keeps_an_event_whose_function_is_gone_until_the_function_is_back() {
        try (Engines engines = Engines.open(folder, parts -> add(parts, plain("f", Handlers.Recorder.class)))) {
            engines.functions().invokeAsync(functionArn("f"), EVENT);
        }
        try (Engines engines = with(plain("other", Handlers.Recorder.class))) {
            engines.functions().invokeAsync(functionArn("other"), EVENT); // due later, so attempted later
            await().atMost(PATIENCE).until(() -> Handlers.recorded(folder).size() == 1);
            assertThat(engines.queues().messages(queueArn("failed"))).isZero();
        }
        try (Engines engines = Engines.open(folder, parts -> add(parts, plain("f", Handlers.Recorder.class)))) {
            assertThat(engines.functions().waiting()).isEqualTo(1);
        }
    }

    @Test
    void refuses_a_handler_that_cannot_be_run_here() {
        assertThatThrownBy(() -> with(plain("f", String.class)).close())
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("java.lang.String is not a RequestStreamHandler");
        assertThatThrownBy(() -> HandlerFactory.of(plain("f", Handlers.Environmentless.class), Map.of()))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("has no public constructor that takes its environment");
    }

    private Engines with(FunctionDefinition definition) {
        return Engines.start(folder, parts -> add(parts, definition));
    }

    private static Engines.Parts add(Engines.Parts parts, FunctionDefinition definition) {
        parts.queues.add("failed");
        parts.functions.add(definition);
        return parts;
    }

    private static FunctionDefinition plain(String name, Class<?> handler) {
        return function(name, handler, AsynchronousInvocation.DEFAULT);
    }

    private static FunctionDefinition withQueue(String name, Class<?> handler, int retries, Duration age) {
        return function(name, handler, new AsynchronousInvocation(retries, age, Optional.of(queueArn("failed"))));
    }

    private static JsonNode error(InvocationResult result) throws IOException {
        return JSON.readTree(((InvocationResult.Failure) result).errorPayload());
    }
}
