package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sealer looks only above its floor: it must never rise above an event that can still be committed. */
class FloorIT {
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
    void does_not_pass_an_event_that_is_not_committed_yet() throws Exception {
        try (OneConnection slow = new OneConnection(database.as("ledger_writer"))) {
            slow.connection().setAutoCommit(false);
            AppendResult open = new Ledger(slow.dataSource()).append(TestEvents.placing(), ANY);

            for (int i = 0; i < 5; i++) {
                ledger.seal();
                assertThat(floor()).isLessThan(open.position());
                ledger.append(TestEvents.placing(), ANY);
            }

            slow.connection().commit();
        }
        assertEverythingGetsSealed();
    }

    /** Its transaction has an ID above that of the newest transaction that has ended, where a snapshot knows nothing of it. */
    @Test
    void does_not_pass_an_event_of_the_newest_transaction() throws Exception {
        try (OneConnection sealing = new OneConnection(database.as("ledger_sealer"));
                OneConnection slow = new OneConnection(database.as("ledger_writer"))) {
            sealing.connection().setAutoCommit(false);
            slow.connection().setAutoCommit(false);
            new Ledger(sealing.dataSource()).seal();
            AppendResult open = new Ledger(slow.dataSource()).append(TestEvents.placing(), ANY);
            new Ledger(sealing.dataSource()).seal();
            sealing.connection().commit();

            for (int i = 0; i < 5; i++) {
                ledger.seal();
                assertThat(floor()).isLessThan(open.position());
            }

            slow.connection().commit();
        }
        assertEverythingGetsSealed();
    }

    @Test
    void does_not_trust_the_id_of_a_transaction_that_had_it_before_it_sealed() throws Exception {
        try (OneConnection sealing = new OneConnection(database.as("ledger_sealer"));
                OneConnection slow = new OneConnection(database.as("ledger_writer"));
                Statement statement = sealing.connection().createStatement()) {
            sealing.connection().setAutoCommit(false);
            slow.connection().setAutoCommit(false);
            statement.execute("select pg_current_xact_id()");
            AppendResult open = new Ledger(slow.dataSource()).append(TestEvents.placing(), ANY);
            new Ledger(sealing.dataSource()).seal();
            sealing.connection().commit();

            for (int i = 0; i < 5; i++) {
                ledger.seal();
                assertThat(floor()).isLessThan(open.position());
            }

            slow.connection().commit();
        }
        assertEverythingGetsSealed();
    }

    @Test
    void a_rolled_back_seal_moves_nothing() throws Exception {
        ledger.append(TestEvents.placing(), ANY);
        try (OneConnection sealing = new OneConnection(database.as("ledger_sealer"))) {
            sealing.connection().setAutoCommit(false);
            for (int i = 0; i < 3; i++) {
                new Ledger(sealing.dataSource()).seal();
            }
            sealing.connection().rollback();
        }

        assertThat(floor()).isZero();
        assertEverythingGetsSealed();
    }

    @Test
    void rises_to_what_is_sealed_also_under_an_old_snapshot() throws Exception {
        try (Connection auditor = database.as("ledger_auditor").getConnection()) {
            auditor.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            auditor.setAutoCommit(false);
            assertThat(Sql.list(auditor, Long.class, "select count(*) from ledger.event"))
                    .containsExactly(0L);

            AppendResult last = ledger.append(TestEvents.placing(), ANY);
            for (int i = 0; i < 10; i++) {
                last = ledger.append(TestEvents.placing(), ANY);
                ledger.seal();
            }
            ledger.seal();
            ledger.seal();

            assertThat(floor()).isEqualTo(last.position());
            auditor.rollback();
        }
    }

    @Test
    void waits_for_what_is_pending_when_blocks_are_too_small_for_all() throws Exception {
        for (int i = 0; i < 6; i++) {
            ledger.append(TestEvents.placing(), ANY);
        }
        for (int i = 0; i < 3; i++) {
            Sql.execute(database.as("ledger_sealer"), "select ledger.seal(1)");
        }

        assertThat(floor())
                .isLessThan(Sql.one(database.asSuperuser(), Long.class, "select min(position) from ledger.pending"));
        assertEverythingGetsSealed();
    }

    @Test
    void goes_on_when_the_horizon_is_from_another_cluster() throws Exception {
        for (String foreign : new String[] {"4611686018427387904", "3"}) {
            ledger.append(TestEvents.placing(), ANY);
            ledger.seal();
            Sql.execute(database.asSuperuser(), "update ledger.sealer set horizon_xid = '" + foreign + "'");

            AppendResult last = ledger.append(TestEvents.placing(), ANY);
            for (int i = 0; i < 3; i++) {
                ledger.seal();
            }

            assertThat(floor()).isEqualTo(last.position());
        }
    }

    @Test
    void positions_are_drawn_one_by_one() throws Exception {
        assertThat(Sql.one(
                        database.asSuperuser(),
                        Long.class,
                        "select seqcache from pg_sequence where seqrelid = 'ledger.event_position_seq'::regclass"))
                .isEqualTo(1);
    }

    private long floor() throws SQLException {
        return Sql.one(database.asSuperuser(), Long.class, "select pending_floor from ledger.sealer");
    }

    private void assertEverythingGetsSealed() throws SQLException {
        while (!(ledger.seal() instanceof SealResult.NothingPending)) {
            assertThat(Sql.one(database.asSuperuser(), Long.class, "select count(*) from ledger.block"))
                    .isLessThan(1_000);
        }
        assertThat(Sql.list(database.asSuperuser(), Long.class, "select position from ledger.pending"))
                .isEmpty();
        assertThat(Sql.one(database.asSuperuser(), Long.class, "select sum(event_count)::bigint from ledger.block"))
                .isEqualTo(Sql.one(database.asSuperuser(), Long.class, "select count(*) from ledger.event"));
    }
}
