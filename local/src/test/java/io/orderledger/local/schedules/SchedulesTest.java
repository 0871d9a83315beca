package io.orderledger.local.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.SamFolder;
import io.orderledger.local.definitions.ScheduleDefinition;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.deliveries.SpeedFactor;
import io.orderledger.local.functions.FunctionInvoker;
import io.orderledger.local.functions.InvocationResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final SpeedFactor FAST = new SpeedFactor(1_000_000);

    @TempDir
    private Path directory;

    @Test
    void announcing_is_executed_and_what_is_done_in_another_way_here_is_not() {
        Stack stack = SamFolder.real().load();

        assertThat(stack.schedules())
                .extracting(ScheduleDefinition::logicalId)
                .contains(
                        "AnnounceEventsSchedule",
                        "KeepUpSchedule",
                        "ExportHeadsSchedule",
                        "SelfReplaySchedule",
                        "WatchDeadLettersSchedule",
                        "CheckProjectionsSchedule");
        assertThat(Schedules.executed(stack))
                .extracting(ScheduleDefinition::logicalId)
                .containsExactly("AnnounceEventsSchedule");
    }

    @Test
    void announcing_can_be_switched_off() {
        Stack stack = SamFolder.real().load(Map.of("AnnounceEvents", "false"));

        assertThat(Schedules.executed(stack))
                .extracting(ScheduleDefinition::logicalId)
                .doesNotContain("AnnounceEventsSchedule");
    }

    @ParameterizedTest
    @CsvSource({
        "rate(1 minute), PT1M",
        "rate(5 minutes), PT5M",
        "rate(2 hours), PT2H",
        "rate(1 day), PT24H",
    })
    void knows_rates(String expression, Duration interval) {
        SamFolder sam = SamFolder.copyIn(directory);
        sam.replace("template.yaml", "ScheduleExpression: rate(1 minute)", "ScheduleExpression: " + expression);

        assertThat(sam.load().schedules().getFirst().interval()).isEqualTo(interval);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ScheduleExpression: rate(1 minute) | ScheduleExpression: cron(0 * * * ? *) | the local run supports rate(…)
            ScheduleExpression: rate(1 minute) | ScheduleExpression: rate(0 minutes)   | the local run supports rate(…)
            State: !If [AnnouncesEvents, ENABLED, DISABLED] | State: PAUSED            | a schedule's state cannot be PAUSED
            """)
    void names_what_it_does_not_support(String text, String mistake, String reason) {
        SamFolder sam = SamFolder.copyIn(directory);
        sam.replace("template.yaml", text, mistake);

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(sam::load)
                .withMessageContaining(reason);
    }

    @Test
    void a_target_that_is_no_function_stops_the_start() {
        SamFolder sam = SamFolder.copyIn(directory);
        sam.replace(
                "template.yaml",
                "Arn: !Ref AnnounceEventsFunction.Alias\n        RoleArn",
                "Arn: !GetAtt OrderBus.Arn\n        RoleArn");
        Stack stack = sam.load();

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> Schedules.start(stack, new Counting(), FAST))
                .withMessageContaining("only functions can be targets");
    }

    @Test
    void a_function_is_invoked_again_and_again_also_after_it_has_failed() {
        Counting functions = new Counting();
        Stack stack = SamFolder.real().load();

        Schedules schedules = Schedules.start(stack, functions, FAST);
        await().atMost(DEADLINE).until(() -> functions.calls.get() >= 3);
        schedules.close();

        assertThat(functions.invoked).allMatch(arn -> arn.contains(":function:"));
        assertThat(functions.invoked)
                .contains("arn:aws:lambda:eu-west-1:123456789012:function:orders-AnnounceEventsFunction:live");
    }

    @Test
    void closing_waits_for_what_is_running_and_nothing_begins_afterwards() {
        Counting functions = new Counting();
        Schedules schedules = Schedules.start(SamFolder.real().load(), functions, FAST);
        await().atMost(DEADLINE).until(() -> functions.calls.get() >= 1);

        schedules.close();

        assertThat(functions.running).hasValue(0);
    }

    private static final class Counting implements FunctionInvoker {
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final List<String> invoked = new CopyOnWriteArrayList<>();

        @Override
        public InvocationResult invoke(String functionArn, byte[] event) {
            running.incrementAndGet();
            try {
                assertThat(new String(event, StandardCharsets.UTF_8)).isEqualTo("{}");
                invoked.add(functionArn);
                if (calls.incrementAndGet() == 1) {
                    throw new IllegalStateException("the first time");
                }
                return new InvocationResult.Success(event);
            } finally {
                running.decrementAndGet();
            }
        }

        @Override
        public void invokeAsync(String functionArn, byte[] event) {
            throw new UnsupportedOperationException();
        }
    }
}
