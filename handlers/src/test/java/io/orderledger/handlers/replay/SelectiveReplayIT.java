package io.orderledger.handlers.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.metrics.WrittenMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replaying a selection, looking without touching, and messages that fail again and again. */
class SelectiveReplayIT {
    private static final String DATABASE_AWAY = "io.orderledger.ledger.LedgerUnavailable";
    private static final long NOON = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private static QueueServer server;
    private static FunctionDatabase database;

    private DeadLetterQueues queues;
    private WrittenMetrics metrics;
    private ReplayDeadLetters replay;

    @BeforeAll
    static void startServers() {
        database = new FunctionDatabase();
        server = new QueueServer();
    }

    @AfterAll
    static void stopServers() {
        server.close();
        database.close();
    }

    @BeforeEach
    void createQueues() {
        queues = new DeadLetterQueues(server);
        metrics = new WrittenMetrics();
        replay = new ReplayDeadLetters(queues.environment(database), Duration.ZERO, metrics.metrics());
    }

    @Test
    void replays_what_failed_for_a_reason_and_gives_the_rest_back_at_once() {
        UUID away = UUID.randomUUID();
        UUID broken = UUID.randomUUID();
        queues.failed(placing(away), DATABASE_AWAY);
        queues.failed(placing(broken), "java.lang.NullPointerException");
        queues.undelivered(placing(UUID.randomUUID()), "NO_PERMISSIONS");

        ObjectNode answer = run("{\"reasons\":[\"database-away\"]}");

        assertThat(answer.get("appended").intValue()).isEqualTo(1);
        assertThat(answer.get("passedOver").intValue()).isEqualTo(2);
        assertThat(answer.get("remaining").booleanValue()).isFalse();
        assertThat(database.listed(away)).isPresent();
        assertThat(database.listed(broken)).isEmpty();
        assertThat(queues.size()).isEqualTo(2);
        assertThat(queues.visible()).isEqualTo(2);
        assertThat(run("{\"reasons\":[\"NO_PERMISSIONS\"]}").get("appended").intValue())
                .isEqualTo(1);
    }

    @Test
    void replays_what_was_requested_in_a_time() {
        UUID before = UUID.randomUUID();
        UUID at = UUID.randomUUID();
        UUID after = UUID.randomUUID();
        queues.undelivered(DeadLetterQueues.placedAt(before, NOON - 1), "TIMEOUT");
        queues.undelivered(DeadLetterQueues.placedAt(at, NOON), "TIMEOUT");
        queues.undelivered(DeadLetterQueues.placedAt(after, NOON + HOUR), "TIMEOUT");
        server.send(queues.rule, "nobody knows when");

        ObjectNode answer = run("{\"since\":\"2026-11-20T12:00:00Z\",\"until\":\"2026-11-20T14:00:00+01:00\"}");

        assertThat(answer.get("appended").intValue()).isEqualTo(1);
        assertThat(database.listed(at)).isPresent();
        assertThat(database.listed(before)).isEmpty();
        assertThat(database.listed(after)).isEmpty();
        assertThat(queues.visible()).isEqualTo(3);
    }

    @Test
    void replays_one_queue() {
        queues.undelivered(placing(UUID.randomUUID()), "TIMEOUT");
        queues.failed(placing(UUID.randomUUID()), DATABASE_AWAY);

        assertThat(run("{\"queues\":[\"function\"]}").get("appended").intValue())
                .isEqualTo(1);

        assertThat(server.size(queues.rule)).isEqualTo(1);
        assertThat(server.size(queues.function)).isZero();
    }

    @Test
    void finds_the_few_that_are_meant_among_many_in_calls_that_do_one_each() {
        for (int i = 0; i < 40; i++) {
            queues.failed(placing(UUID.randomUUID()), i % 10 == 0 ? DATABASE_AWAY : "java.lang.NullPointerException");
        }

        for (int i = 0; i < 4; i++) {
            ObjectNode answer = run("{\"maxMessages\":1,\"reasons\":[\"database-away\"]}");
            assertThat(answer.get("appended").intValue()).isEqualTo(1);
            assertThat(answer.get("remaining").booleanValue()).isTrue();
        }
        ObjectNode last = run("{\"maxMessages\":1,\"reasons\":[\"database-away\"]}");
        assertThat(last.get("appended").intValue()).isZero();
        assertThat(last.get("remaining").booleanValue()).isFalse();
        assertThat(queues.size()).isEqualTo(36);
    }

    @Test
    void a_dry_run_counts_by_queue_and_reason_and_changes_nothing() {
        String before = database.contents();
        queues.undelivered(DeadLetterQueues.placedAt(UUID.randomUUID(), NOON), "THROTTLING");
        queues.undelivered(DeadLetterQueues.placedAt(UUID.randomUUID(), NOON + HOUR), "THROTTLING");
        queues.failed(DeadLetterQueues.placedAt(UUID.randomUUID(), NOON), DATABASE_AWAY);
        ObjectNode cancellation = Messages.cancellation(UUID.randomUUID(), UUID.randomUUID(), "{}");
        queues.kept(cancellation, "States.Timeout");

        ObjectNode answer = run("{\"dryRun\":true,\"list\":10}");

        assertThat(answer.get("matching").intValue()).isEqualTo(4);
        assertThat(answer.get("complete").booleanValue()).isTrue();
        assertThat(answer.get("groups"))
                .extracting(
                        group -> group.path("queue").asText(),
                        group -> group.path("reason").asText(),
                        group -> group.path("code").asText(),
                        group -> group.path("messages").intValue())
                .containsExactly(
                        tuple("function", "database-away", DATABASE_AWAY, 1),
                        tuple("rule", "throttled", "THROTTLING", 2),
                        tuple("workflow", "timed-out", "States.Timeout", 1));
        assertThat(answer.at("/groups/1/oldest").asText()).isEqualTo("2026-11-20T12:00:00Z");
        assertThat(answer.at("/groups/1/newest").asText()).isEqualTo("2026-11-20T13:00:00Z");
        assertThat(answer.at("/waiting/rule").intValue()).isEqualTo(2);
        assertThat(answer.get("messages")).hasSize(4);
        assertThat(answer.get("messages"))
                .filteredOn(message -> message.path("queue").asText().equals("workflow"))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.path("eventId")).isEqualTo(cancellation.at("/detail/eventId"));
                    assertThat(message.path("orderId")).isEqualTo(cancellation.at("/detail/orderId"));
                });
        assertThat(answer.toString()).doesNotContain("O'Brien", "Leeds", "lee@");
        assertThat(database.contents()).isEqualTo(before);
        assertThat(queues.visible()).isEqualTo(4);
        assertThat(run("{}").get("appended").intValue()).isEqualTo(4);
    }

    @Test
    void a_dry_run_counts_each_message_once_and_says_when_it_has_not_seen_all() {
        for (int i = 0; i < 25; i++) {
            queues.failed(placing(UUID.randomUUID()), DATABASE_AWAY);
        }

        ObjectNode some = run("{\"dryRun\":true,\"maxMessages\":12}");
        ObjectNode all = run("{\"dryRun\":true}");

        assertThat(some.get("looked").intValue()).isEqualTo(12);
        assertThat(some.get("complete").booleanValue()).isFalse();
        assertThat(all.get("matching").intValue()).isEqualTo(25);
        assertThat(all.get("complete").booleanValue()).isTrue();
        assertThat(queues.size()).isEqualTo(25);
    }

    @Test
    void a_message_that_fails_by_its_own_fault_is_parked_after_some_tries_and_not_before() {
        UUID poison = UUID.randomUUID();
        UUID healthy = UUID.randomUUID();
        queues.failed(placing(poison), DATABASE_AWAY);
        String raise = """
                create function ledger.poison() returns trigger language plpgsql as $$
                begin raise exception using errcode = 'P0001', message = 'never'; end $$;
                create trigger poison before insert on ledger.event for each row
                when (new.event_id = '%s') execute function ledger.poison();""".formatted(poison);
        database.execute(raise);

        // Looking is no try.
        for (int i = 0; i < FailedMessages.MAX_FAILURES; i++) {
            run("{\"dryRun\":true}");
        }
        for (int i = 1; i < FailedMessages.MAX_FAILURES; i++) {
            ObjectNode answer = run("{}");
            assertThat(answer.get("failed").intValue()).isEqualTo(1);
            assertThat(answer.get("failure").asText()).isEqualTo("LedgerFault P0001");
            assertThat(answer.get("remaining").booleanValue()).isTrue();
            assertThat(queues.visible()).isEqualTo(1);
        }
        queues.failed(placing(healthy), DATABASE_AWAY);
        ObjectNode last = run("{}");

        assertThat(last.get("parked").intValue()).isEqualTo(1);
        assertThat(last.get("appended").intValue()).isEqualTo(1);
        assertThat(last.get("remaining").booleanValue()).isFalse();
        assertThat(queues.size()).isZero();
        assertThat(metrics.value("MessagesParked")).contains(1.0);
        assertThat(database.refused())
                .filteredOn(kept -> kept.eventId().filter(poison::equals).isPresent())
                .singleElement()
                .satisfies(kept -> {
                    assertThat(kept.reason()).isEqualTo("FAILED");
                    assertThat(kept.detail()).isEqualTo("LedgerFault P0001");
                });
        database.execute("drop trigger poison on ledger.event; drop function ledger.poison()");
    }

    @Test
    void a_wrong_set_up_parks_nothing_however_often_it_fails() {
        queues.failed(placing(UUID.randomUUID()), DATABASE_AWAY);
        database.execute("revoke execute on function ledger.append from ledger_writer");
        try {
            for (int i = 0; i <= FailedMessages.MAX_FAILURES; i++) {
                ObjectNode answer = run("{}");
                assertThat(answer.get("failed").intValue()).isEqualTo(1);
                assertThat(answer.get("failure").asText()).isEqualTo("LedgerFault 42501");
            }
        } finally {
            database.execute("grant execute on function ledger.append to ledger_writer");
        }
        assertThat(run("{}").get("appended").intValue()).isEqualTo(1);
    }

    @Test
    void goes_no_faster_than_it_is_told() {
        List<Duration> waits = new ArrayList<>();
        long[] now = {0};
        Pace pace = Pace.perSecond(4, () -> now[0], wait -> {
            waits.add(wait);
            now[0] += wait.toNanos();
        });

        for (int i = 0; i < 9; i++) {
            assertThat(pace.await()).isTrue();
            now[0] += Duration.ofMillis(100).toNanos();
        }

        // Eight intervals of a quarter of a second, of which the work took 100 ms each.
        assertThat(waits).hasSize(8).containsOnly(Duration.ofMillis(150));
    }

    @Test
    void what_took_long_is_not_made_up_for_by_a_burst() {
        List<Duration> waits = new ArrayList<>();
        long[] now = {0};
        Pace pace = Pace.perSecond(10, () -> now[0], wait -> {
            waits.add(wait);
            now[0] += wait.toNanos();
        });

        pace.await();
        now[0] += Duration.ofSeconds(5).toNanos();
        pace.await();
        pace.await();

        assertThat(waits).containsExactly(Duration.ofMillis(100));
    }

    private ObjectNode run(String request) {
        return Messages.json(Invocation.of(replay, request));
    }

    private static ObjectNode placing(UUID eventId) {
        return Messages.placement(eventId, Messages.order());
    }
}
