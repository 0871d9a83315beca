package io.orderledger.local.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.local.definitions.Integration;
import io.orderledger.local.definitions.SamFolder;
import io.orderledger.local.definitions.Stack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The longest way through the cancelling workflow, computed from the file: every try takes as long as it may, every wait is as
 * long as jitter can make it, and every retrier is used up. The caller must have the answer before API Gateway gives up.
 */
class TimeBudgetTest {

    /** What API Gateway, the start of the execution and its transitions may take besides the states themselves. */
    private static final Duration OVERHEAD = Duration.ofSeconds(2);

    private static final Path FILE = Path.of("..", "sam", "cancel-order.asl.json");

    private final JsonNode machine = read();
    private final Stack stack = SamFolder.real().load();

    @Test
    void the_longest_way_ends_before_the_execution_is_ended_and_that_before_the_caller_is_given_up() {
        Duration longest = longestFrom(machine.path("StartAt").textValue(), new HashSet<>());
        Duration execution = Duration.ofSeconds(machine.path("TimeoutSeconds").intValue());
        Duration integration = stack.api().routes().stream()
                .map(route -> route.integration())
                .filter(Integration.ServiceCall.class::isInstance)
                .map(Integration.ServiceCall.class::cast)
                .filter(call -> call.action().equals("StartSyncExecution"))
                .map(Integration.ServiceCall::timeout)
                .findFirst()
                .orElseThrow();

        // Three tries of 5 s with waits of 1 s and 2 s, then three of 2 s with two waits of 1 s.
        assertThat(longest).isEqualTo(Duration.ofSeconds(26));
        assertThat(longest.plus(OVERHEAD)).isLessThanOrEqualTo(execution);
        assertThat(execution).isLessThan(integration);
    }

    @Test
    void a_try_of_the_function_ends_no_later_than_the_workflow_stops_waiting_for_it() {
        Duration function = stack.functions().stream()
                .filter(found -> found.logicalId().equals("CancelOrderFunction"))
                .map(found -> found.timeout())
                .findFirst()
                .orElseThrow();

        assertThat(function)
                .isLessThanOrEqualTo(Duration.ofSeconds(
                        state("RecordCancellation").path("TimeoutSeconds").intValue()));
    }

    @Test
    void every_task_catches_everything_that_can_be_caught() {
        assertThat(names().filter(name -> state(name).path("Type").textValue().equals("Task"))
                        .toList())
                .hasSize(2)
                .allSatisfy(name -> assertThat(
                                stream(state(name).path("Catch")).flatMap(each -> stream(each.path("ErrorEquals"))))
                        .extracting(JsonNode::textValue)
                        .contains("States.ALL", "States.DataLimitExceeded"));
    }

    private Duration longestFrom(String name, Set<String> before) {
        if (!before.add(name)) {
            throw new AssertionError(name + " can be reached from itself: there is no longest way");
        }
        JsonNode state = state(name);
        Stream<String> next = Stream.of(
                        Stream.of(state.path("Next"), state.path("Default")),
                        stream(state.path("Choices")).map(choice -> choice.path("Next")),
                        stream(state.path("Catch")).map(catcher -> catcher.path("Next")))
                .flatMap(each -> each)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
        Duration rest = next.map(each -> longestFrom(each, new HashSet<>(before)))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return longestIn(name, state).plus(rest);
    }

    private static Duration longestIn(String name, JsonNode state) {
        return switch (state.path("Type").textValue()) {
            case "Task" -> longestTask(name, state);
            case "Choice", "Pass", "Fail", "Succeed" -> Duration.ZERO;
            default -> throw new AssertionError("how long " + name + " takes is not known");
        };
    }

    /** Each retrier counts its own attempts, so errors that alternate use up all of them. */
    private static Duration longestTask(String name, JsonNode task) {
        assertThat(task.path("TimeoutSeconds").isInt())
                .as("%s may not take for ever", name)
                .isTrue();
        double seconds = task.path("TimeoutSeconds").intValue();
        for (JsonNode retrier : task.path("Retry")) {
            int attempts = retrier.path("MaxAttempts").asInt(3);
            double wait = retrier.path("IntervalSeconds").asDouble(1);
            for (int attempt = 0; attempt < attempts; attempt++) {
                seconds += task.path("TimeoutSeconds").intValue()
                        + Math.min(wait, retrier.path("MaxDelaySeconds").asDouble(Double.MAX_VALUE));
                wait *= retrier.path("BackoffRate").asDouble(2);
            }
        }
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }

    private JsonNode state(String name) {
        return machine.path("States").path(name);
    }

    private Stream<String> names() {
        return machine.path("States").propertyStream().map(state -> state.getKey());
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode read() {
        try {
            return new JsonMapper().readTree(FILE.toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
