package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static io.orderledger.ledger.TestEvents.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.ErasureStep.Phase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches beside other batches, single appends and erasures. */
class BatchRaceIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private TemporaryDatabase database;

    @BeforeEach
    void open() {
        database = TemporaryDatabase.create();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest(name = "the other transaction is committed: {0}")
    @ValueSource(booleans = {true, false})
    void no_later_event_of_an_order_is_stored_without_an_earlier_one(boolean commits) throws Exception {
        UUID order = UUID.randomUUID();
        NewEvent first = TestEvents.placingOf(order);
        NewEvent second = TestEvents.cancellationOf(order);
        try (OneConnection other = new OneConnection(database.as("ledger_writer"))) {
            other.connection().setAutoCommit(false);
            NewEvent faster = TestEvents.cancellationOf(order);
            new Ledger(other.dataSource()).append(faster, ANY);

            CompletableFuture<List<BatchResult>> batch = CompletableFuture.supplyAsync(
                    () -> ledger().appendAll(anyVersion(List.of(first, second)), OnRefusal.APPEND_NOTHING));
            awaitThatSomebodyWaits();
            if (commits) {
                other.connection().commit();
            } else {
                other.connection().rollback();
            }
            batch.get(LIMIT.toSeconds(), TimeUnit.SECONDS);

            assertThat(new Ledger(database.as("ledger_reader")).history(order))
                    .extracting(RecordedEvent::eventId)
                    .containsExactlyElementsOf(
                            Stream.concat(commits ? Stream.of(faster) : Stream.empty(), Stream.of(first, second))
                                    .map(NewEvent::eventId)
                                    .toList());
        }
        SoundLedger.assertIn(database);
    }

    @Test
    void an_event_that_somebody_else_records_meanwhile_is_a_duplicate() throws Exception {
        NewEvent event = TestEvents.placing();
        NewEvent next = TestEvents.cancellationOf(event.streamId());
        try (OneConnection other = new OneConnection(database.as("ledger_writer"))) {
            other.connection().setAutoCommit(false);
            AppendResult faster = new Ledger(other.dataSource()).append(event, ANY);

            CompletableFuture<List<BatchResult>> batch = CompletableFuture.supplyAsync(
                    () -> ledger().appendAll(anyVersion(List.of(event, next)), OnRefusal.APPEND_NOTHING));
            awaitThatSomebodyWaits();
            other.connection().commit();

            assertThat(batch.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .first()
                    .isEqualTo(
                            new BatchResult.Recorded(new AppendResult.Duplicate(faster.position(), faster.version())));
        }
        SoundLedger.assertIn(database);
    }

    @Test
    void every_event_is_recorded_once_however_many_deliver_it_in_whatever_batches() throws Exception {
        List<UUID> orders = Stream.generate(UUID::randomUUID).limit(25).toList();
        List<NewEvent> events = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
            orders.forEach(order -> events.add(
                    events.size() < orders.size() ? TestEvents.placingOf(order) : TestEvents.cancellationOf(order)));
        }

        List<Map<UUID, Integer>> appendedBy = Concurrently.run(9, client -> () -> {
            Map<UUID, Integer> appended = new HashMap<>();
            try (OneConnection connection = new OneConnection(database.as("ledger_recorder"))) {
                deliver(new Ledger(connection.dataSource()), client, events, appended);
            }
            return appended;
        });

        Map<UUID, Integer> times = new HashMap<>();
        appendedBy.forEach(appended -> appended.forEach((id, count) -> times.merge(id, count, Integer::sum)));
        assertThat(times)
                .hasSize(events.size())
                .allSatisfy((id, count) -> assertThat(count).isEqualTo(1));
        assertThat(Sql.one(database.asSuperuser(), Long.class, "select count(*) from ledger.event"))
                .isEqualTo(events.size());
        SoundLedger.assertIn(database);
    }

    /** The whole list in pieces, in the list's order or shuffled, as batches or singly; sealing now and then. */
    private static void deliver(Ledger ledger, int client, List<NewEvent> events, Map<UUID, Integer> appended) {
        Random random = new Random(client);
        List<NewEvent> own = new ArrayList<>(events);
        if (client % 3 == 1) {
            Collections.shuffle(own, random);
        }
        int next = 0;
        while (next < own.size()) {
            int size = client % 3 == 2 ? 1 : Math.min(1 + random.nextInt(40), own.size() - next);
            List<NewEvent> piece = own.subList(next, next + size);
            next += size;
            if (size == 1) {
                note(piece.getFirst(), ledger.append(piece.getFirst(), ANY), appended);
                continue;
            }
            OnRefusal onRefusal = random.nextBoolean() ? OnRefusal.APPEND_NOTHING : OnRefusal.APPEND_THE_OTHERS;
            List<BatchResult> results = ledger.appendAll(anyVersion(piece), onRefusal);
            Map<UUID, Integer> newest = new HashMap<>();
            for (int i = 0; i < size; i++) {
                AppendResult result = ((BatchResult.Recorded) results.get(i)).result();
                note(piece.get(i), result, appended);
                if (result instanceof AppendResult.Appended) {
                    Integer before = newest.put(piece.get(i).streamId(), result.version());
                    assertThat(before == null ? 0 : before).isLessThan(result.version());
                }
            }
            if (random.nextInt(4) == 0) {
                ledger.seal();
            }
        }
    }

    private static void note(NewEvent event, AppendResult result, Map<UUID, Integer> appended) {
        if (result instanceof AppendResult.Appended) {
            appended.merge(event.eventId(), 1, Integer::sum);
        }
    }

    @Test
    void batches_over_the_same_orders_never_wait_in_a_circle() throws Exception {
        List<UUID> orders = Stream.generate(UUID::randomUUID).limit(40).toList();

        Concurrently.run(8, client -> () -> {
            Random random = new Random(client);
            try (OneConnection connection = new OneConnection(database.as("ledger_writer"))) {
                Ledger ledger = new Ledger(connection.dataSource());
                for (int i = 0; i < 30; i++) {
                    List<UUID> shuffled = new ArrayList<>(orders);
                    Collections.shuffle(shuffled, random);
                    ledger.appendAll(
                            anyVersion(shuffled.stream()
                                    .limit(30)
                                    .map(TestEvents::cancellationOf)
                                    .toList()),
                            OnRefusal.APPEND_NOTHING);
                }
            }
            return 0;
        });

        Deadlocks.assertNoneIn(database);
        assertThat(Sql.one(database.asSuperuser(), Long.class, "select count(*) from ledger.event"))
                .isEqualTo(8 * 30 * 30);
        SoundLedger.assertIn(database);
    }

    @Test
    void an_erasure_waits_for_a_batch_from_before_it_and_erases_what_that_records() throws Exception {
        Customer lee = Customer.anyone();
        List<UUID> orders = Stream.generate(UUID::randomUUID).limit(3).toList();
        try (OneConnection writer = new OneConnection(database.as("ledger_writer"))) {
            writer.connection().setAutoCommit(false);
            new Ledger(writer.dataSource())
                    .appendAll(
                            anyVersion(orders.stream()
                                    .map(order -> lee.places(order, NOON))
                                    .toList()),
                            OnRefusal.APPEND_NOTHING);
            List<Phase> phases = new ArrayList<>();

            Erased erased = new Erasure(database.as("ledger_eraser"), LIMIT).erase(lee.id(), step -> {
                phases.add(step.phase());
                if (step.phase() == Phase.WAITING) {
                    commit(writer);
                }
            });

            assertThat(phases).startsWith(Phase.BEGUN, Phase.WAITING, Phase.EVENTS);
            assertThat(erased).isEqualTo(new Erased(3, 3, 0));
        }
        assertNothingIsLeftOf(lee);
    }

    @Test
    void a_storm_of_batches_brings_nothing_back_and_loses_nothing_from_after_an_erasure() throws Exception {
        Customer lee = Customer.anyone();
        Customer other = Customer.anyone();
        List<UUID> orders = Stream.generate(UUID::randomUUID).limit(30).toList();
        Instant farAhead = Instant.now().plus(Duration.ofHours(1));

        List<List<NewEvent>> kept = Concurrently.run(6, client -> () -> {
            List<NewEvent> later = new ArrayList<>();
            Random random = new Random(client);
            for (int i = 0; client == 0 && i < 3; i++) {
                new Erasure(database.as("ledger_eraser"), LIMIT).erase(lee.id(), _ -> {});
            }
            try (OneConnection writer = new OneConnection(database.as("ledger_writer"))) {
                Ledger ledger = new Ledger(writer.dataSource());
                for (int i = 0; client > 0 && i < 20; i++) {
                    List<NewEvent> batch = new ArrayList<>();
                    for (int k = 0; k < 8; k++) {
                        UUID order = orders.get(random.nextInt(orders.size()));
                        batch.add(random.nextBoolean() ? lee.places(order, NOON) : lee.cancels(order, NOON));
                    }
                    NewEvent event = other.places(UUID.randomUUID(), farAhead);
                    batch.add(random.nextInt(batch.size()), event);
                    later.add(event);
                    ledger.appendAll(anyVersion(batch), OnRefusal.APPEND_THE_OTHERS);
                }
            }
            return later;
        });
        orders.forEach(order -> ledger().append(lee.places(order, NOON), ANY));

        Deadlocks.assertNoneIn(database);
        assertNothingIsLeftOf(lee);
        Ledger reader = new Ledger(database.as("ledger_reader"));
        assertThat(kept.stream().flatMap(List::stream))
                .hasSize(100)
                .allSatisfy(event -> assertThat(reader.history(event.streamId()))
                        .singleElement()
                        .satisfies(
                                recorded -> assertThat(recorded.personalData()).isEqualTo(event.personalData())));
        SoundLedger.assertIn(database);
    }

    private void assertNothingIsLeftOf(Customer customer) throws SQLException {
        assertThat(PersonalData.tablesWith(database.asSuperuser(), customer.secret()))
                .isEmpty();
        assertThat(PersonalData.faults(database.asSuperuser())).isEmpty();
    }

    private Ledger ledger() {
        return new Ledger(database.as("ledger_writer"));
    }

    private void awaitThatSomebodyWaits() {
        await().atMost(LIMIT)
                .until(() -> Sql.one(
                                database.asSuperuser(),
                                Long.class,
                                "select count(*) from pg_stat_activity where datname = ? and wait_event_type = 'Lock'",
                                database.name())
                        > 0);
    }

    private static void commit(OneConnection connection) {
        try {
            connection.connection().commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<BatchEvent> anyVersion(List<NewEvent> events) {
        return events.stream().map(event -> new BatchEvent(event, ANY)).toList();
    }
}
