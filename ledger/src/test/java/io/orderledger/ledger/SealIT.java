package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealIT {
    private static final Deadline LATER = Deadline.after(Duration.ofMinutes(5));

    private TemporaryDatabase database;
    private Ledger ledger;

    @BeforeEach
    void open() {
        database = TemporaryDatabase.create();
        ledger = new Ledger(database.as("ledger_recorder"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void puts_what_is_pending_into_one_block() {
        for (int i = 0; i < 3; i++) {
            ledger.append(TestEvents.placing(), ANY);
        }

        assertThat(ledger.seal()).isEqualTo(new SealResult.Sealed(1, 3));
        assertThat(ledger.seal()).isEqualTo(new SealResult.NothingPending());
    }

    @Test
    void an_empty_ledger_may_be_sealed_before_its_first_event() {
        for (int i = 0; i < 3; i++) {
            assertThat(ledger.seal()).isEqualTo(new SealResult.NothingPending());
        }

        ledger.append(TestEvents.placing(), ANY);

        assertThat(ledger.seal()).isEqualTo(new SealResult.Sealed(1, 1));
    }

    @Test
    void a_block_is_bounded_and_takes_the_lowest_positions() throws Exception {
        for (int i = 0; i < 5; i++) {
            ledger.append(TestEvents.placing(), ANY);
        }

        Sql.one(database.as("ledger_sealer"), Integer.class, "select event_count from ledger.seal(2)");

        assertThat(Sql.list(
                        database.asSuperuser(), Long.class, "select position from ledger.pending order by position"))
                .isEqualTo(Sql.list(
                        database.asSuperuser(),
                        Long.class,
                        "select position from ledger.event order by position offset 2"));
    }

    @Test
    void seals_everything_block_by_block() throws Exception {
        Sql.execute(database.as("ledger_writer"), """
                select ledger.append(gen_random_uuid(), gen_random_uuid(), 'OrderPlaced', 1::smallint, '{}', null, '{}', now(), null)
                from generate_series(1, 2 * %d + 1)""".formatted(Ledger.MAX_EVENTS_PER_BLOCK));

        assertThat(ledger.sealAll(LATER)).isTrue();

        assertThat(Sql.list(
                        database.asSuperuser(), Integer.class, "select event_count from ledger.block order by height"))
                .containsExactly(Ledger.MAX_EVENTS_PER_BLOCK, Ledger.MAX_EVENTS_PER_BLOCK, 1);
    }

    @Test
    void stops_at_its_deadline_and_says_so() {
        ledger.append(TestEvents.placing(), ANY);

        assertThat(ledger.sealAll(Deadline.after(Duration.ZERO))).isFalse();
    }

    @Test
    void history_tells_the_block_also_of_an_event_that_was_committed_late() throws Exception {
        NewEvent late = TestEvents.placing();
        try (OneConnection slow = new OneConnection(database.as("ledger_writer"))) {
            slow.connection().setAutoCommit(false);
            new Ledger(slow.dataSource()).append(late, ANY);
            NewEvent quick = TestEvents.placing();
            ledger.append(quick, ANY);
            ledger.seal();
            assertThat(block(quick.streamId())).hasValue(1);
            slow.connection().commit();
        }
        assertThat(block(late.streamId())).isEmpty();

        ledger.seal();

        assertThat(block(late.streamId())).hasValue(2);
        assertThat(Sql.list(database.asSuperuser(), Long.class, "select height from ledger.late"))
                .containsExactly(2L);
    }

    private OptionalLong block(UUID order) {
        return new Ledger(database.as("ledger_reader"))
                .history(order)
                .getFirst()
                .block();
    }

    @Test
    void times_of_blocks_never_run_backwards_nor_before_their_events() throws Exception {
        for (int i = 0; i < 10; i++) {
            ledger.append(TestEvents.placing(), ANY);
            ledger.seal();
        }

        assertThat(Sql.one(database.asSuperuser(), Boolean.class, """
                        select bool_and(b.sealed_at >= e.recorded_at and b.sealed_at >= coalesce(before.sealed_at, b.sealed_at))
                        from ledger.block b
                        join ledger.event e on e.position = b.high
                        left join ledger.block before on before.height = b.height - 1""")).isTrue();
    }

    @Test
    void a_second_sealer_does_not_wait() throws Exception {
        ledger.append(TestEvents.placing(), ANY);
        try (OneConnection other = new OneConnection(database.as("ledger_sealer"))) {
            other.connection().setAutoCommit(false);
            assertThat(new Ledger(other.dataSource()).seal()).isEqualTo(new SealResult.Sealed(1, 1));

            assertThat(ledger.seal()).isEqualTo(new SealResult.Busy());
            assertThat(ledger.sealAll(LATER)).isTrue();

            other.connection().rollback();
        }
        assertThat(ledger.seal()).isEqualTo(new SealResult.Sealed(1, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void refuses_a_transaction_whose_snapshot_may_be_older_than_the_lock(int isolation) throws Exception {
        ledger.append(TestEvents.placing(), ANY);
        try (OneConnection connection = new OneConnection(database.as("ledger_sealer"))) {
            connection.connection().setTransactionIsolation(isolation);

            assertThatExceptionOfType(LedgerFault.class)
                    .isThrownBy(() -> new Ledger(connection.dataSource()).seal())
                    .satisfies(fault -> assertThat(fault.sqlState()).isEqualTo("25000"));
        }
        assertThat(ledger.seal()).isEqualTo(new SealResult.Sealed(1, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "null"})
    void refuses_blocks_without_a_limit(String limit) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Sql.execute(database.as("ledger_sealer"), "select ledger.seal(" + limit + ")"))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo("22023"));
    }

    @Test
    void an_idle_seal_writes_nothing_to_the_sealer() throws Exception {
        ledger.append(TestEvents.placing(), ANY);
        for (int i = 0; i < 3; i++) {
            ledger.seal();
        }
        String settled = sealer();

        ledger.seal();

        assertThat(sealer()).isEqualTo(settled);
    }

    @Test
    void a_transaction_that_waits_for_nothing_does_not_keep_the_lock_for_ever() throws Exception {
        try (Connection frozen = database.as("ledger_sealer").getConnection();
                Statement statement = frozen.createStatement()) {
            statement.execute("set idle_in_transaction_session_timeout = '50ms'");
            frozen.setAutoCommit(false);
            statement.execute("select ledger.seal(1)");

            await().atMost(Duration.ofSeconds(20)).until(() -> ledger.seal() instanceof SealResult.NothingPending);
        }
        assertThat(Sql.list(
                        database.as("ledger_recorder"),
                        String.class,
                        "select current_setting('idle_in_transaction_session_timeout')"))
                .containsExactly("10s");
    }

    /** The row's version counts: an update with the same values would show. */
    private String sealer() throws SQLException {
        return Sql.one(database.asSuperuser(), String.class, "select concat(xmin, ' ', s::text) from ledger.sealer s");
    }
}
