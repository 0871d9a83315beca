package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static io.orderledger.ledger.TestEvents.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.ErasureStep.Phase;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Appends that are under way while a customer is erased. */
class ErasureRaceIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static TemporaryDatabase database;

    private final Customer lee = Customer.anyone();
    private final UUID order = UUID.randomUUID();

    @BeforeAll
    static void open() {
        database = TemporaryDatabase.create();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void waits_for_an_append_from_before_it_and_erases_what_that_records() throws Exception {
        try (OneConnection writer = openTransaction()) {
            new Ledger(writer.dataSource()).append(lee.places(order, NOON), ANY);
            List<Phase> phases = new ArrayList<>();

            Erased erased = erasure(LIMIT).erase(lee.id(), step -> {
                phases.add(step.phase());
                if (step.phase() == Phase.WAITING) {
                    commit(writer);
                }
            });

            assertThat(phases).startsWith(Phase.BEGUN, Phase.WAITING, Phase.EVENTS);
            assertThat(erased).isEqualTo(new Erased(1, 1, 0));
        }
        assertNothingIsLeft();
    }

    @Test
    void waits_for_a_refused_message_from_before_it() throws Exception {
        try (OneConnection writer = openTransaction()) {
            new Ledger(writer.dataSource()).refuse(lee.refusedPlacing(order, NOON));

            Erased erased = erasure(LIMIT).erase(lee.id(), step -> {
                if (step.phase() == Phase.WAITING) {
                    commit(writer);
                }
            });

            assertThat(erased).isEqualTo(new Erased(0, 0, 1));
        }
        assertNothingIsLeft();
    }

    @Test
    void gives_up_on_a_transaction_that_does_not_end_and_can_be_repeated() throws Exception {
        try (OneConnection writer = openTransaction()) {
            new Ledger(writer.dataSource()).append(lee.places(order, NOON), ANY);

            assertThatExceptionOfType(ErasureBlocked.class)
                    .isThrownBy(() -> erasure(Duration.ZERO).erase(lee.id(), _ -> {}));
            writer.connection().commit();
        }

        assertThat(erasure(Duration.ZERO).erase(lee.id(), _ -> {})).isEqualTo(new Erased(1, 1, 0));
        assertNothingIsLeft();
    }

    @Test
    void does_not_wait_for_transactions_that_only_read() throws Exception {
        try (OneConnection auditor = new OneConnection(database.as("ledger_auditor"))) {
            auditor.connection().setAutoCommit(false);
            Sql.list(auditor.connection(), Long.class, "select count(*) from ledger.tombstone, ledger.event");

            erasure(Duration.ZERO)
                    .erase(lee.id(), step -> assertThat(step.phase()).isNotEqualTo(Phase.WAITING));
        }
    }

    @Test
    void leaves_nothing_from_before_and_all_from_after_under_a_storm_of_appends() throws Exception {
        List<UUID> orders = Stream.generate(UUID::randomUUID).limit(30).toList();
        ConcurrentLinkedQueue<NewEvent> later = new ConcurrentLinkedQueue<>();
        Instant farAhead = Instant.now().plus(Duration.ofHours(1));

        Concurrently.run(6, client -> () -> {
            Random random = new Random(client);
            if (client == 0) {
                for (int i = 0; i < 3; i++) {
                    erasure(LIMIT).erase(lee.id(), _ -> {});
                }
                return 0;
            }
            try (OneConnection writer = new OneConnection(database.as("ledger_recorder"))) {
                Ledger ledger = new Ledger(writer.dataSource());
                for (int i = 0; i < 60; i++) {
                    UUID chosen = orders.get(random.nextInt(orders.size()));
                    switch (random.nextInt(4)) {
                        case 0 -> ledger.append(lee.places(chosen, NOON), ANY);
                        case 1 -> ledger.append(lee.cancels(chosen, NOON), ANY);
                        case 2 ->
                            ledger.refuse(lee.refusedCancellation(chosen, NOON.minusMillis(random.nextInt(1_000_000))));
                        default -> {
                            NewEvent event =
                                    new Customer("other-" + lee.id(), "kept").places(UUID.randomUUID(), farAhead);
                            ledger.append(event, ANY);
                            later.add(event);
                        }
                    }
                }
            }
            return 0;
        });
        Ledger ledger = new Ledger(database.as("ledger_recorder"));
        orders.forEach(one -> ledger.append(lee.places(one, NOON), ANY));

        assertNothingIsLeft();
        Ledger reader = new Ledger(database.as("ledger_reader"));
        assertThat(later)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(reader.history(event.streamId()))
                        .singleElement()
                        .satisfies(
                                recorded -> assertThat(recorded.personalData()).isEqualTo(event.personalData())));
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void nobody_records_personal_data_or_erases_with_a_snapshot_that_may_be_old(int isolation) throws Exception {
        try (OneConnection writer = new OneConnection(database.as("ledger_writer"));
                OneConnection eraser = new OneConnection(database.as("ledger_eraser"))) {
            writer.connection().setTransactionIsolation(isolation);
            eraser.connection().setTransactionIsolation(isolation);
            Ledger ledger = new Ledger(writer.dataSource());

            assertThatExceptionOfType(LedgerFault.class)
                    .isThrownBy(() -> ledger.append(lee.places(order, NOON), ANY))
                    .withMessageContaining("25000");
            assertThatExceptionOfType(LedgerFault.class)
                    .isThrownBy(() -> ledger.refuse(lee.refusedPlacing(order, NOON)))
                    .withMessageContaining("25000");
            assertThatExceptionOfType(LedgerFault.class)
                    .isThrownBy(() -> new Erasure(eraser.dataSource(), Duration.ZERO).erase(lee.id(), _ -> {}))
                    .withMessageContaining("25000");
        }
    }

    @Test
    void never_waits_in_a_circle_with_batches_for_the_same_orders() throws Exception {
        List<UUID> orders = inTheOrderOfTheirLocks();
        ledger().append(lee.places(orders.getLast(), NOON), ANY);
        ledger().append(lee.places(orders.getFirst(), NOON), ANY);

        meetsBatchesFor(orders);

        assertNothingIsLeft();
    }

    @Test
    void never_waits_in_a_circle_with_batches_for_the_orders_of_refused_messages() throws Exception {
        List<UUID> orders = inTheOrderOfTheirLocks();
        RefusedMessage ofFirst = lee.refusedPlacing(orders.getFirst(), NOON);
        RefusedMessage ofLast = lee.refusedPlacing(orders.getLast(), NOON);
        for (int i = 1; Arrays.compareUnsigned(sha256(ofFirst), sha256(ofLast)) <= 0; i++) {
            ofLast = lee.refusedPlacing(orders.getLast(), NOON.minusMillis(i));
        }
        ledger().refuse(ofFirst);
        ledger().refuse(ofLast);

        meetsBatchesFor(orders);

        assertNothingIsLeft();
    }

    /** An erasure that finds one order in the hands of a transaction, which then goes on to the other. */
    private void meetsBatchesFor(List<UUID> orders) throws Exception {
        try (OneConnection writer = openTransaction()) {
            Ledger batches = new Ledger(writer.dataSource());
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<Erased> erased =
                    CompletableFuture.supplyAsync(() -> erasure(LIMIT).erase(lee.id(), step -> {
                        if (step.phase() == Phase.EVENTS && begun.complete(null)) {
                            appendAsBatch(batches, orders.getFirst());
                        }
                    }));
            begun.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            await().atMost(LIMIT)
                    .until(() -> Sql.one(
                                    database.asSuperuser(),
                                    Long.class,
                                    "select count(*) from pg_stat_activity where datname = ? and wait_event_type = 'Lock'",
                                    database.name())
                            > 0);
            appendAsBatch(batches, orders.getLast());
            writer.connection().commit();
            erased.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        Deadlocks.assertNoneIn(database);
    }

    private void appendAsBatch(Ledger ledger, UUID orderId) {
        ledger.appendAll(List.of(new BatchEvent(lee.places(orderId, NOON), ANY)), OnRefusal.APPEND_NOTHING);
    }

    /** Two orders, the one first that batches lock first. */
    private static List<UUID> inTheOrderOfTheirLocks() throws SQLException {
        return Sql.list(
                database.asSuperuser(),
                UUID.class,
                "select o from unnest(array[gen_random_uuid(), gen_random_uuid()]) o order by hashtextextended(o::text, 0)");
    }

    private static byte[] sha256(RefusedMessage message) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(message.message());
    }

    private static Ledger ledger() {
        return new Ledger(database.as("ledger_recorder"));
    }

    @Test
    void is_no_single_transaction_and_cannot_be_entered_in_the_middle() throws Exception {
        try (OneConnection eraser = new OneConnection(database.as("ledger_eraser"))) {
            assertRefused(eraser, "OL005", "select ledger.erase_customer('never begun', 'appends')");
            assertRefused(eraser, "22023", "select ledger.erase_customer('')");
            eraser.connection().setAutoCommit(false);
            Sql.list(eraser.connection(), Object.class, "select outcome from ledger.erase_customer('begun')");
            assertRefused(eraser, "25000", "select ledger.erase_customer('begun', 'appends')");
            eraser.connection().rollback();
            Sql.list(eraser.connection(), Object.class, "select outcome from ledger.erase_customer('begun')");
            eraser.connection().commit();
            assertRefused(eraser, "22023", "select ledger.erase_customer('begun', 'events; drop table')");
        }
    }

    private static void assertRefused(OneConnection connection, String sqlState, String statement) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Sql.list(connection.connection(), Object.class, statement))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo(sqlState));
    }

    private void assertNothingIsLeft() throws SQLException {
        assertThat(PersonalData.tablesWith(database.asSuperuser(), lee.secret()))
                .isEmpty();
        assertThat(PersonalData.faults(database.asSuperuser())).isEmpty();
    }

    private static OneConnection openTransaction() throws SQLException {
        OneConnection writer = new OneConnection(database.as("ledger_recorder"));
        writer.connection().setAutoCommit(false);
        return writer;
    }

    private static void commit(OneConnection connection) {
        try {
            connection.connection().commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Erasure erasure(Duration maxWait) {
        return new Erasure(database.as("ledger_eraser"), maxWait);
    }
}
