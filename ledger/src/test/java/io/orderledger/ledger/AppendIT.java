package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static io.orderledger.ledger.TestEvents.NO_STREAM;
import static io.orderledger.ledger.TestEvents.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.embedded.TemporaryDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AppendIT {
    private static TemporaryDatabase database;
    private static Ledger ledger;
    private static Ledger reader;

    @BeforeAll
    static void open() {
        database = TemporaryDatabase.create();
        ledger = new Ledger(database.as("ledger_writer"));
        reader = new Ledger(database.as("ledger_reader"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void records_what_was_appended() {
        NewEvent event = TestEvents.placing();

        AppendResult result = ledger.append(event, ANY);

        assertThat(result).isInstanceOf(AppendResult.Appended.class);
        assertThat(reader.history(event.streamId())).singleElement().satisfies(recorded -> {
            assertThat(recorded.position()).isEqualTo(result.position());
            assertThat(recorded.block()).isEmpty();
            assertThat(recorded.eventId()).isEqualTo(event.eventId());
            assertThat(recorded.streamId()).isEqualTo(event.streamId());
            assertThat(recorded.version()).isEqualTo(result.version()).isEqualTo(1);
            assertThat(recorded.type()).isEqualTo(event.type());
            assertThat(recorded.schemaVersion()).isEqualTo(event.schemaVersion());
            assertThat(recorded.payload()).isEqualTo(event.payload());
            assertThat(recorded.personalData()).isEqualTo(event.personalData());
            assertThat(recorded.metadata()).isEqualTo(event.metadata());
            assertThat(recorded.occurredAt()).isEqualTo(event.occurredAt());
            assertThat(recorded.recordedAt()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        });
    }

    @Test
    void finds_an_event_that_is_there_already() {
        NewEvent event = TestEvents.placing();
        AppendResult first = ledger.append(event, ANY);

        AppendResult second = ledger.append(event, ANY);

        assertThat(second).isEqualTo(new AppendResult.Duplicate(first.position(), first.version()));
        assertThat(reader.history(event.streamId())).hasSize(1);
    }

    @Test
    void notes_each_further_delivery_with_the_way_it_came() throws Exception {
        NewEvent event = TestEvents.placing();
        AppendResult first = ledger.append(event, ANY);
        ObjectNode again = event.metadata().deepCopy().put("path", "replay");

        ledger.append(TestEvents.withMetadata(event, again), ANY);
        ledger.append(event, ANY);

        assertThat(Sql.list(
                        database.asSuperuser(),
                        String.class,
                        "select metadata ->> 'path' from ledger.duplicate where position = ? order by delivery",
                        first.position()))
                .containsExactly("replay", event.metadata().get("path").textValue());
    }

    @Test
    void appends_once_when_the_same_message_is_delivered_five_times_at_once() throws Exception {
        for (int round = 0; round < 20; round++) {
            NewEvent event = TestEvents.placing();

            List<AppendResult> results = Concurrently.run(5, _ -> () -> ledger.append(event, ANY));

            assertThat(results)
                    .filteredOn(AppendResult.Appended.class::isInstance)
                    .hasSize(1);
            assertThat(results)
                    .extracting(AppendResult::position)
                    .containsOnly(results.getFirst().position());
            assertThat(reader.history(event.streamId())).hasSize(1);
        }
    }

    @Test
    void no_append_fails_when_many_clients_write_to_one_order() throws Exception {
        int clients = 32;
        int eventsOfEach = 15;
        UUID order = UUID.randomUUID();

        List<List<AppendResult>> results = Concurrently.run(clients, _ -> () -> {
            List<AppendResult> own = new ArrayList<>();
            try (OneConnection connection = new OneConnection(database.as("ledger_writer"))) {
                Ledger client = new Ledger(connection.dataSource());
                for (int i = 0; i < eventsOfEach; i++) {
                    own.add(client.append(TestEvents.cancellationOf(order), ANY));
                }
            }
            return own;
        });

        assertThat(results.stream().flatMap(List::stream))
                .allMatch(AppendResult.Appended.class::isInstance)
                .hasSize(clients * eventsOfEach);
        List<RecordedEvent> history = reader.history(order);
        assertThat(history)
                .extracting(RecordedEvent::version)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, clients * eventsOfEach).boxed().toList());
        assertThat(history).extracting(RecordedEvent::position).isSorted();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherContents")
    void refuses_the_same_event_id_with_other_content(String difference, UnaryOperator<NewEvent> change) {
        NewEvent event = TestEvents.placing();
        ledger.append(event, ANY);

        NewEvent other = change.apply(event);

        assertThatExceptionOfType(EventConflict.class)
                .isThrownBy(() -> ledger.append(other, ANY))
                .satisfies(conflict -> {
                    assertThat(conflict.eventId()).isEqualTo(event.eventId());
                    assertThat(conflict.streamId()).isEqualTo(other.streamId());
                });
        assertThat(reader.history(event.streamId()))
                .singleElement()
                .satisfies(recorded -> assertThat(recorded.payload()).isEqualTo(event.payload()));
    }

    static Stream<Arguments> otherContents() {
        return Stream.of(
                difference("stream", event -> TestEvents.withStream(event, UUID.randomUUID())),
                difference("type", event -> TestEvents.withType(event, EventTypes.ORDER_CANCELLED)),
                difference("schema version", event -> TestEvents.withSchemaVersion(event, 2)),
                difference(
                        "payload",
                        event -> TestEvents.withPayload(
                                event, event.payload().deepCopy().put("currency", "EUR"))),
                difference(
                        "payload field added",
                        event -> TestEvents.withPayload(
                                event, event.payload().deepCopy().put("gift", true))),
                difference(
                        "personal data",
                        event -> TestEvents.withPersonalData(
                                event, Optional.of(json("{'principal':'till-1','notes':'do not ring'}")))),
                difference("personal data left out", event -> TestEvents.withPersonalData(event, Optional.empty())));
    }

    private static Arguments difference(String name, UnaryOperator<NewEvent> change) {
        return Arguments.of(name, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sameContents")
    void what_says_how_a_message_came_does_not_count(String difference, UnaryOperator<NewEvent> change) {
        NewEvent event = TestEvents.placing();
        ledger.append(event, ANY);

        assertThat(ledger.append(change.apply(event), ANY)).isInstanceOf(AppendResult.Duplicate.class);

        assertThat(reader.history(event.streamId())).singleElement().satisfies(recorded -> {
            assertThat(recorded.personalData()).isEqualTo(event.personalData());
            assertThat(recorded.metadata()).isEqualTo(event.metadata());
            assertThat(recorded.occurredAt()).isEqualTo(event.occurredAt());
        });
    }

    static Stream<Arguments> sameContents() {
        return Stream.of(
                difference(
                        "principal",
                        event -> TestEvents.withPersonalData(
                                event,
                                Optional.of(event.personalData()
                                        .orElseThrow()
                                        .deepCopy()
                                        .put("principal", "till-2")))),
                difference(
                        "no principal",
                        event -> TestEvents.withPersonalData(
                                event,
                                Optional.of(event.personalData()
                                        .orElseThrow()
                                        .deepCopy()
                                        .without(List.of("principal"))))),
                difference("metadata", event -> TestEvents.withMetadata(event, json("{'requestId':'r-2'}"))),
                difference("time", event -> TestEvents.withOccurredAt(event, Instant.now())),
                difference(
                        "order of fields",
                        event -> TestEvents.withPayload(
                                event,
                                json("{'items':[{'unitPrice':950,'sku':'m','quantity':2}],'currency':'GBP',"
                                        + "'customer':{'id':'lee'}}"))));
    }

    @Test
    void who_asked_does_not_count_even_where_nothing_else_is_personal() {
        NewEvent anonymous = TestEvents.cancellationOf(UUID.randomUUID());
        ledger.append(anonymous, ANY);

        NewEvent named = TestEvents.withPersonalData(anonymous, Optional.of(json("{'principal':'till-1'}")));

        assertThat(ledger.append(named, ANY)).isInstanceOf(AppendResult.Duplicate.class);
    }

    @Test
    void appends_to_an_order_that_is_where_it_is_expected() {
        UUID order = UUID.randomUUID();

        ledger.append(TestEvents.placingOf(order), NO_STREAM);
        AppendResult second = ledger.append(TestEvents.cancellationOf(order), new ExpectedVersion.Exactly(1));

        assertThat(second.version()).isEqualTo(2);
    }

    @Test
    void refuses_to_append_to_an_order_that_is_elsewhere() {
        UUID order = UUID.randomUUID();
        ledger.append(TestEvents.placingOf(order), NO_STREAM);
        ledger.append(TestEvents.cancellationOf(order), ANY);

        for (ExpectedVersion wrong :
                List.of(NO_STREAM, new ExpectedVersion.Exactly(1), new ExpectedVersion.Exactly(3))) {
            assertThatExceptionOfType(UnexpectedVersion.class)
                    .isThrownBy(() -> ledger.append(TestEvents.cancellationOf(order), wrong))
                    .satisfies(refusal -> {
                        assertThat(refusal.streamId()).isEqualTo(order);
                        assertThat(refusal.expected()).isEqualTo(wrong);
                        assertThat(refusal.actual()).isEqualTo(2);
                    });
        }
        assertThat(reader.history(order)).hasSize(2);
    }

    @Test
    void a_retried_success_is_a_duplicate_whatever_version_it_expects() {
        NewEvent event = TestEvents.placing();
        ledger.append(event, NO_STREAM);
        ledger.append(TestEvents.cancellationOf(event.streamId()), ANY);

        assertThat(ledger.append(event, NO_STREAM)).isInstanceOf(AppendResult.Duplicate.class);
        assertThat(ledger.append(event, new ExpectedVersion.Exactly(7))).isInstanceOf(AppendResult.Duplicate.class);
    }

    @Test
    void one_of_many_wins_where_all_expect_the_same_version() throws Exception {
        UUID order = UUID.randomUUID();

        List<Boolean> won = Concurrently.run(8, _ -> () -> {
            try {
                ledger.append(TestEvents.cancellationOf(order), NO_STREAM);
                return true;
            } catch (UnexpectedVersion e) {
                return false;
            }
        });

        assertThat(won).containsOnlyOnce(true);
        assertThat(reader.history(order)).hasSize(1);
    }

    @Test
    void a_time_in_the_future_is_recorded_as_the_time_of_the_append() {
        NewEvent event =
                TestEvents.withOccurredAt(TestEvents.placing(), Instant.now().plus(Duration.ofDays(1)));

        ledger.append(event, ANY);

        assertThat(reader.history(event.streamId()))
                .singleElement()
                .satisfies(recorded -> assertThat(recorded.occurredAt()).isEqualTo(recorded.recordedAt()));
    }

    @Test
    void personal_data_is_in_its_own_table_only() throws Exception {
        NewEvent event = TestEvents.placing();
        ledger.append(event, ANY);

        String row = Sql.one(
                database.asSuperuser(),
                String.class,
                "select e::text from ledger.event e where event_id = ?",
                event.eventId());

        assertThat(row).doesNotContain("Brien", "ring twice", "till-1");
        assertThat(Sql.one(database.asSuperuser(), Boolean.class, """
                        select e.personal_digest = sha256(p.salt || convert_to(p.data::text, 'UTF8'))
                        from ledger.event e join ledger.personal_data p using (position) where event_id = ?""", event.eventId()))
                .isTrue();
    }

    @Test
    void salts_differ_and_duplicates_make_none() throws Exception {
        NewEvent one = TestEvents.placing();
        NewEvent other = TestEvents.placing();
        for (NewEvent event : List.of(one, other, one)) {
            ledger.append(event, ANY);
        }

        assertThat(Sql.list(
                        database.asSuperuser(),
                        byte[].class,
                        "select salt from ledger.personal_data join ledger.event using (position) where event_id in (?, ?)",
                        one.eventId(),
                        other.eventId()))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void nothing_of_a_refused_append_remains() throws Exception {
        NewEvent event = TestEvents.placing();
        ledger.append(event, ANY);
        NewEvent elsewhere = TestEvents.withStream(event, UUID.randomUUID());

        assertThatExceptionOfType(EventConflict.class).isThrownBy(() -> ledger.append(elsewhere, ANY));

        assertThat(reader.history(elsewhere.streamId())).isEmpty();
        assertThat(Sql.one(database.asSuperuser(), Long.class, """
                        select count(*) from ledger.pending p
                        where not exists (select from ledger.event e where e.position = p.position)""")).isZero();
    }

    @Test
    void any_text_that_can_be_stored_comes_back_unchanged() {
        String text = "O'Brien \\ \" \n \t \u2028 \u0001 \uD83C\uDF55 العربية 注文 $util ${x} #set";
        NewEvent event = TestEvents.withPayload(
                TestEvents.placing(), json("{}").put(text, text).put("long", "x".repeat(200_000)));

        ledger.append(event, ANY);

        assertThat(reader.history(event.streamId()))
                .singleElement()
                .satisfies(recorded -> assertThat(recorded.payload()).isEqualTo(event.payload()));
    }
}
