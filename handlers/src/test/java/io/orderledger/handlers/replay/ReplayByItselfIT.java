package io.orderledger.handlers.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.metrics.WrittenMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplayByItselfIT {
    private static final String DATABASE_AWAY = "io.orderledger.ledger.LedgerUnavailable";

    private QueueServer server;
    private FunctionDatabase database;
    private DeadLetterQueues queues;
    private WrittenMetrics metrics;
    private ReplayByItself byItself;

    @BeforeEach
    void start() {
        server = new QueueServer();
        database = new FunctionDatabase();
        queues = new DeadLetterQueues(server);
        metrics = new WrittenMetrics();
        byItself = new ReplayByItself(queues.environment(database), Duration.ZERO, metrics.metrics());
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    @Test
    void begins_with_one_message_doubles_while_all_goes_well_and_begins_anew_when_nothing_is_left() {
        for (int i = 0; i < 10; i++) {
            queues.failed(placing(UUID.randomUUID()), DATABASE_AWAY);
        }

        for (int expected : new int[] {1, 2, 4}) {
            ObjectNode answer = run();
            assertThat(answer.get("outcome").asText()).isEqualTo("REPLAYED");
            assertThat(answer.get("appended").intValue()).isEqualTo(expected);
            assertThat(answer.get("nextMessages").intValue()).isEqualTo(expected * 2);
            assertThat(metrics.value("SelfReplayed")).contains((double) expected);
            assertThat(metrics.value("SelfReplayStopped")).contains(0.0);
        }
        ObjectNode last = run();
        assertThat(last.get("appended").intValue()).isEqualTo(3);
        assertThat(last.get("nextMessages").intValue()).isEqualTo(1);
        assertThat(run().get("outcome").asText()).isEqualTo("IDLE");
        assertThat(queues.size()).isZero();
    }

    @Test
    void leaves_what_somebody_has_to_look_at() {
        queues.undelivered(placing(UUID.randomUUID()), "NO_PERMISSIONS");
        queues.failed(placing(UUID.randomUUID()), "java.lang.NullPointerException");
        server.send(queues.workflow, "nobody knows why");
        queues.undelivered(placing(UUID.randomUUID()), "THROTTLING");

        ObjectNode answer = run();
        run();

        assertThat(answer.get("appended").intValue()).isEqualTo(1);
        assertThat(queues.size()).isEqualTo(3);
        assertThat(queues.visible()).isEqualTo(3);
    }

    @Test
    void looks_into_no_queue_while_the_database_is_away() throws IOException {
        queues.failed(placing(UUID.randomUUID()), DATABASE_AWAY);
        Map<String, String> environment = queues.environment(database);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("PGPORT", Integer.toString(socket.getLocalPort()));
        }
        ReplayByItself without = new ReplayByItself(environment, Duration.ZERO, metrics.metrics());

        ObjectNode answer = Messages.json(Invocation.of(without, "{}"));

        assertThat(answer.get("outcome").asText()).isEqualTo("DATABASE_AWAY");
        assertThat(metrics.value("SelfReplayStopped")).contains(0.0);
        assertThat(server.visible(queues.function))
                .singleElement()
                .satisfies(message -> assertThat(Letter.receives(message)).isEqualTo(1));
        // It comes back: one message first.
        assertThat(run().get("appended").intValue()).isEqualTo(1);
    }

    @Test
    void stops_when_it_fails_again_and_goes_on_once_somebody_has_replayed() {
        for (int i = 0; i < 3; i++) {
            queues.failed(placing(UUID.randomUUID()), DATABASE_AWAY);
        }
        database.execute("""
                create function ledger.shut() returns trigger language plpgsql as $$
                begin raise exception using errcode = '57P03', message = 'shutting down'; end $$;
                create trigger shut before insert on ledger.event for each row execute function ledger.shut();""");

        ObjectNode failing = run();
        assertThat(failing.get("outcome").asText()).isEqualTo("STOPPED");
        assertThat(failing.get("failure").asText()).isEqualTo("LedgerUnavailable 57P03");
        assertThat(metrics.value("SelfReplayStopped")).contains(1.0);
        database.execute("drop trigger shut on ledger.event");

        ObjectNode stopped = run();
        assertThat(stopped.get("outcome").asText()).isEqualTo("STOPPED");
        assertThat(stopped.get("appended").intValue()).isZero();
        assertThat(queues.size()).isEqualTo(3);

        ReplayDeadLetters byHand = new ReplayDeadLetters(queues.environment(database), Duration.ZERO);
        assertThat(Messages.json(Invocation.of(byHand, "{\"maxMessages\":1}"))
                        .get("appended")
                        .intValue())
                .isEqualTo(1);
        assertThat(run().get("appended").intValue()).isEqualTo(1);
        assertThat(metrics.value("SelfReplayStopped")).contains(0.0);
    }

    @Test
    void a_run_that_never_ended_counts_as_a_failure() {
        queues.failed(placing(UUID.randomUUID()), DATABASE_AWAY);
        // As a run leaves it that is killed, or whose database goes away for good, before it has taken the note back.
        database.execute(
                "update ledger.self_replay set stopped_at = now(), stopped_by = 'a run that did not end', next_messages = 1");

        assertThat(run().get("outcome").asText()).isEqualTo("STOPPED");
        assertThat(queues.size()).isEqualTo(1);
    }

    @Test
    void emptied_queues_let_it_go_on() {
        database.execute("update ledger.self_replay set stopped_at = now(), stopped_by = 'a test', next_messages = 64");

        assertThat(run().get("outcome").asText()).isEqualTo("IDLE");
        queues.failed(placing(UUID.randomUUID()), DATABASE_AWAY);
        queues.failed(placing(UUID.randomUUID()), DATABASE_AWAY);

        assertThat(run().get("appended").intValue()).isEqualTo(1);
    }

    @Test
    void a_poisoned_message_ends_among_the_parked_ones_and_the_others_in_the_ledger() {
        UUID poison = UUID.randomUUID();
        queues.failed(placing(poison), DATABASE_AWAY);
        for (int i = 0; i < 5; i++) {
            queues.failed(placing(UUID.randomUUID()), DATABASE_AWAY);
        }
        database.execute("""
                create function ledger.poison() returns trigger language plpgsql as $$
                begin raise exception using errcode = 'P0001', message = 'never'; end $$;
                create trigger poison before insert on ledger.event for each row
                when (new.event_id = '%s') execute function ledger.poison();""".formatted(poison));

        int runs = 0;
        while (queues.size() > 0 && runs < 50) {
            run();
            runs++;
        }

        assertThat(queues.size()).isZero();
        assertThat(database.query("select count(*) from ledger.event")
                        .getFirst()
                        .get(0, Long.class))
                .isEqualTo(5);
        assertThat(database.refused()).extracting(FunctionDatabase.Kept::reason).containsExactly("FAILED");
        assertThat(metrics.lines().stream()
                        .mapToDouble(line -> line.path("MessagesParked").asDouble())
                        .sum())
                .isEqualTo(1);
    }

    private ObjectNode run() {
        return Messages.json(Invocation.of(byItself, "{}"));
    }

    private static ObjectNode placing(UUID eventId) {
        return Messages.placement(eventId, Messages.order());
    }
}
