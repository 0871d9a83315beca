package io.orderledger.handlers.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.LedgerUnavailable;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done with the connection around a snapshot. */
class SuspendedConnectionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static FunctionDatabase database;

    private HeldConnection connection;
    private Ledger ledger;

    @BeforeAll
    static void start() {
        database = new FunctionDatabase();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void hold() {
        connection = HeldConnection.from(database.environment("ledger_reader"));
        ledger = new Ledger(connection);
    }

    @Test
    void the_connection_is_closed_none_is_opened_and_then_a_new_one_is() {
        read();
        assertThat(sessions()).isEqualTo(1);

        connection.suspend();

        // The server takes a moment to see that its client has gone.
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(sessions()).isZero());
        assertThatExceptionOfType(LedgerUnavailable.class).isThrownBy(this::read);
        assertThat(sessions()).isZero();

        connection.resume();
        read();
        assertThat(sessions()).isEqualTo(1);
        connection.suspend();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(sessions()).isZero());
    }

    @Test
    void a_rehearsal_finds_no_rows_and_no_server() {
        connection.suspend();
        AtomicBoolean read = new AtomicBoolean();

        connection.rehearse(() -> {
            read();
            read.set(true);
        });

        assertThat(read).isTrue();
        assertThat(sessions()).isZero();
        assertThatExceptionOfType(LedgerUnavailable.class).isThrownBy(this::read);
    }

    private void read() {
        assertThat(connection.call(RemainingTime.lasting(PATIENCE), () -> ledger.history(UUID.randomUUID())))
                .isEmpty();
    }

    private static long sessions() {
        return database.query(
                        "select count(*) from pg_stat_activity where usename = 'ledger_reader' and datname = current_database()")
                .getFirst()
                .get(0, Long.class);
    }
}
