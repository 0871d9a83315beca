package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.publication.Place;
import io.orderledger.ledger.publication.Publication;
import io.orderledger.ledger.publication.Publication.Start;
import io.orderledger.ledger.publication.PublicationLag;
import io.orderledger.ledger.publication.SealedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is due to be announced, in which order, and who may announce it. */
class PublicationIT {
    private static final String NAME = "recorded";
    private static final Duration HOLD = Duration.ofMinutes(5);
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(60);
    private static final Place NOWHERE = new Place(0, 0);

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
    void an_event_is_due_once_it_is_sealed_with_all_that_is_announced_of_it() {
        NewEvent placing = TestEvents.placing();
        ledger.append(placing, ANY);
        assertThat(run().due(NOWHERE)).isEmpty();

        ledger.seal();

        RecordedEvent recorded = new Ledger(database.as("ledger_reader"))
                .history(placing.streamId())
                .getFirst();
        assertThat(run().due(NOWHERE)).singleElement().satisfies(event -> {
            assertThat(event.eventId()).isEqualTo(placing.eventId());
            assertThat(event.orderId()).isEqualTo(placing.streamId());
            assertThat(event.type()).isEqualTo(placing.type());
            assertThat(event.schemaVersion()).isEqualTo(placing.schemaVersion());
            assertThat(event.version()).isEqualTo(1);
            assertThat(event.position()).isEqualTo(recorded.position());
            assertThat(event.block()).isEqualTo(1);
            assertThat(TestEvents.json(event.payload())).isEqualTo(placing.payload());
            assertThat(event.occurredAt()).isEqualTo(placing.occurredAt());
            assertThat(event.recordedAt()).isEqualTo(recorded.recordedAt());
            assertThat(event.place()).isEqualTo(new Place(1, 0));
            assertThat(event.toString()).doesNotContain("lee", "GBP");
        });
        assertThat(run().due(new Place(1, 0))).isEmpty();
    }

    @Test
    void what_was_committed_late_is_due_with_the_block_that_took_it_and_once() throws Exception {
        NewEvent late = TestEvents.placing();
        NewEvent quick = TestEvents.placing();
        try (OneConnection slow = new OneConnection(database.as("ledger_writer"))) {
            slow.connection().setAutoCommit(false);
            new Ledger(slow.dataSource()).append(late, ANY);
            ledger.append(quick, ANY);
            ledger.seal();
            assertThat(ids(run().due(NOWHERE))).containsExactly(quick.eventId());
            slow.connection().commit();
        }
        NewEvent next = TestEvents.placing();
        ledger.append(next, ANY);
        assertThat(ids(run().due(NOWHERE))).containsExactly(quick.eventId());
        ledger.seal();

        assertThat(ids(run().due(NOWHERE))).containsExactly(quick.eventId(), late.eventId(), next.eventId());
        assertThat(ids(run().due(new Place(1, 0)))).containsExactly(late.eventId(), next.eventId());
        assertThat(ids(run().due(new Place(1, 1)))).containsExactly(next.eventId());
    }

    @Test
    void reading_goes_on_within_a_large_block_and_over_many_small_ones() {
        List<UUID> all = new ArrayList<>();
        for (int i = 0; i < 2 * Publication.MAX_EVENTS_PER_READ + 50; i++) {
            all.add(append(UUID.randomUUID()));
        }
        ledger.seal();
        for (int i = 0; i < 120; i++) {
            all.add(append(UUID.randomUUID()));
            ledger.seal();
        }

        List<UUID> read = new ArrayList<>();
        Place place = NOWHERE;
        for (List<SealedEvent> due = run().due(place); !due.isEmpty(); due = run().due(place)) {
            assertThat(due).hasSizeLessThanOrEqualTo(Publication.MAX_EVENTS_PER_READ);
            read.addAll(ids(due));
            place = due.getLast().place();
        }

        assertThat(read).containsExactlyElementsOf(all);
        assertThat(place).isEqualTo(new Place(121, 0));
    }

    /** Wherever a run ends, another goes on with the event after. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void every_event_is_due_once_and_an_orders_events_in_their_order_whenever_they_were_sealed(long seed)
            throws Exception {
        Random random = new Random(seed);
        List<UUID> orders = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        try (OneConnection slow = new OneConnection(database.as("ledger_writer"))) {
            Ledger late = new Ledger(slow.dataSource());
            for (int round = 0; round < 20; round++) {
                slow.connection().setAutoCommit(false);
                late.append(TestEvents.placingOf(UUID.randomUUID()), ANY);
                for (int i = random.nextInt(6); i >= 0; i--) {
                    append(orders.get(random.nextInt(orders.size())));
                    if (random.nextBoolean()) {
                        Sql.one(
                                database.as("ledger_sealer"),
                                String.class,
                                "select outcome from ledger.seal(" + (1 + random.nextInt(4)) + ")");
                    }
                }
                slow.connection().commit();
            }
        }
        ledger.sealAll(Deadline.after(Duration.ofMinutes(1)));

        List<UUID> read = new ArrayList<>();
        Map<UUID, Integer> versions = new HashMap<>();
        Place place = NOWHERE;
        for (List<SealedEvent> due = run().due(place); !due.isEmpty(); due = run().due(place)) {
            for (SealedEvent event : due.subList(0, 1 + random.nextInt(due.size()))) {
                read.add(event.eventId());
                assertThat(event.version()).isEqualTo(versions.merge(event.orderId(), 1, Integer::sum));
                place = event.place();
            }
        }

        assertThat(read)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        Sql.list(database.asSuperuser(), UUID.class, "select event_id from ledger.event"));
    }

    @Test
    void a_publication_begins_at_the_first_event_or_with_what_is_sealed_next() {
        append(UUID.randomUUID());
        ledger.seal();

        assertThat(run("all").claim(Start.BEGINNING)).contains(NOWHERE);
        assertThat(run("some").claim(Start.HEAD)).contains(new Place(1, 0));
    }

    @Test
    void where_a_publication_begins_counts_only_when_it_begins() {
        append(UUID.randomUUID());
        ledger.seal();
        Publication first = run();
        assertThat(first.claim(Start.HEAD)).contains(new Place(1, 0));
        first.release();

        assertThat(run().claim(Start.BEGINNING)).contains(new Place(1, 0));
    }

    @Test
    void one_run_holds_a_publication_until_it_lets_it_go() {
        Publication first = run();
        Publication second = run();
        assertThat(first.claim(Start.BEGINNING)).contains(NOWHERE);

        assertThat(second.claim(Start.BEGINNING)).isEmpty();
        assertThat(run("another").claim(Start.BEGINNING)).contains(NOWHERE);
        assertThat(first.claim(Start.BEGINNING)).as("claimed again").contains(NOWHERE);

        second.release();
        assertThat(second.claim(Start.BEGINNING)).as("released by another run").isEmpty();
        first.release();
        assertThat(second.claim(Start.BEGINNING)).contains(NOWHERE);
    }

    @Test
    void a_run_that_died_is_followed_by_another_that_goes_on_where_it_was() {
        append(UUID.randomUUID());
        append(UUID.randomUUID());
        ledger.seal();
        Publication died =
                new Publication(database.as("ledger_publisher"), NAME, UUID.randomUUID(), Duration.ofSeconds(1));
        died.claim(Start.BEGINNING);
        assertThat(died.advance(new Place(0, 1))).isTrue();

        Publication next = run();
        await().atMost(TAKEN_OVER_WITHIN)
                .untilAsserted(() -> assertThat(next.claim(Start.BEGINNING)).contains(new Place(0, 1)));

        assertThat(died.advance(new Place(1, 0)))
                .as("it was not dead after all")
                .isFalse();
        assertThat(next.advance(new Place(1, 0))).isTrue();
    }

    @Test
    void what_was_announced_is_never_taken_back_and_may_be_said_twice() {
        append(UUID.randomUUID());
        ledger.seal();
        Publication run = run();
        run.claim(Start.BEGINNING);

        assertThat(run.advance(new Place(1, 0))).isTrue();
        assertThat(run.advance(new Place(1, 0))).isTrue();
        assertThatExceptionOfType(LedgerFault.class).isThrownBy(() -> run.advance(new Place(0, 3)));

        run.release();
        assertThat(run.advance(new Place(1, 0))).isFalse();
    }

    @Test
    void the_lag_counts_what_is_sealed_and_not_announced() {
        assertThat(PublicationLag.read(database.as("ledger_reader"))).isEmpty();
        for (int i = 0; i < 3; i++) {
            append(UUID.randomUUID());
        }
        ledger.seal();
        append(UUID.randomUUID());
        ledger.seal();
        append(UUID.randomUUID());
        Publication run = run();
        run.claim(Start.BEGINNING);
        run.advance(new Place(0, 2));

        assertThat(PublicationLag.read(database.as("ledger_keeper")))
                .singleElement()
                .satisfies(lag -> {
                    assertThat(lag.publication()).isEqualTo(NAME);
                    assertThat(lag.eventsBehind()).isEqualTo(2);
                    assertThat(lag.blocksBehind()).isEqualTo(2);
                    assertThat(lag.behind()).isPositive();
                });

        run.advance(new Place(2, 0));
        assertThat(PublicationLag.read(database.as("ledger_publisher")))
                .containsExactly(new PublicationLag(NAME, 2, 2, 0, Duration.ZERO));
    }

    private Publication run() {
        return run(NAME);
    }

    private Publication run(String name) {
        return new Publication(database.as("ledger_publisher"), name, UUID.randomUUID(), HOLD);
    }

    private UUID append(UUID order) {
        NewEvent event = TestEvents.placingOf(order);
        ledger.append(event, ANY);
        return event.eventId();
    }

    private static List<UUID> ids(List<SealedEvent> events) {
        return events.stream().map(SealedEvent::eventId).toList();
    }
}
