package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static io.orderledger.ledger.TestEvents.NOON;
import static io.orderledger.ledger.TestEvents.NO_STREAM;
import static io.orderledger.ledger.TestEvents.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class BatchIT {
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
    static void close() throws SQLException {
        SoundLedger.assertIn(database);
        database.close();
    }

    @Test
    void records_all_events_and_answers_in_their_order() {
        List<NewEvent> events = Stream.generate(TestEvents::placing).limit(50).toList();

        List<BatchResult> results = ledger.appendAll(anyVersion(events), OnRefusal.APPEND_NOTHING);

        assertThat(results).hasSize(50);
        for (int i = 0; i < 50; i++) {
            NewEvent event = events.get(i);
            AppendResult result = recorded(results.get(i));
            assertThat(result).isInstanceOf(AppendResult.Appended.class);
            assertThat(reader.history(event.streamId())).singleElement().satisfies(stored -> {
                assertThat(stored.position()).isEqualTo(result.position());
                assertThat(stored.eventId()).isEqualTo(event.eventId());
                assertThat(stored.version()).isEqualTo(result.version()).isEqualTo(1);
                assertThat(stored.type()).isEqualTo(event.type());
                assertThat(stored.schemaVersion()).isEqualTo(event.schemaVersion());
                assertThat(stored.payload()).isEqualTo(event.payload());
                assertThat(stored.personalData()).isEqualTo(event.personalData());
                assertThat(stored.metadata()).isEqualTo(event.metadata());
                assertThat(stored.occurredAt()).isEqualTo(event.occurredAt());
            });
        }
    }

    @Test
    void events_of_one_order_follow_each_other() {
        UUID order = UUID.randomUUID();
        List<BatchEvent> batch = List.of(
                new BatchEvent(TestEvents.placingOf(order), NO_STREAM),
                new BatchEvent(TestEvents.cancellationOf(order), new ExpectedVersion.Exactly(1)),
                new BatchEvent(TestEvents.cancellationOf(order), new ExpectedVersion.Exactly(2)));

        assertThat(ledger.appendAll(batch, OnRefusal.APPEND_NOTHING))
                .extracting(result -> recorded(result).version())
                .containsExactly(1, 2, 3);
        assertThat(reader.history(order)).extracting(RecordedEvent::position).isSorted();
    }

    @Test
    void nothing_changes_when_it_is_repeated() throws Exception {
        List<BatchEvent> batch =
                anyVersion(Stream.generate(TestEvents::placing).limit(20).toList());
        List<BatchResult> first = ledger.appendAll(batch, OnRefusal.APPEND_NOTHING);

        List<BatchResult> second = ledger.appendAll(batch, OnRefusal.APPEND_NOTHING);

        assertThat(second)
                .extracting(BatchIT::recorded)
                .containsExactlyElementsOf(first.stream()
                        .map(BatchIT::recorded)
                        .map(result -> new AppendResult.Duplicate(result.position(), result.version()))
                        .toList());
        assertThat(Sql.list(
                        database.asSuperuser(), Long.class, "select position from ledger.duplicate order by delivery"))
                .containsSubsequence(second.stream()
                        .map(result -> recorded(result).position())
                        .toList());
    }

    @Test
    void an_event_that_comes_twice_is_a_duplicate_of_itself() {
        NewEvent event = TestEvents.placing();

        List<BatchResult> results = ledger.appendAll(anyVersion(List.of(event, event)), OnRefusal.APPEND_NOTHING);

        AppendResult first = recorded(results.getFirst());
        assertThat(first).isInstanceOf(AppendResult.Appended.class);
        assertThat(recorded(results.getLast()))
                .isEqualTo(new AppendResult.Duplicate(first.position(), first.version()));
    }

    @Test
    void nothing_of_a_batch_with_a_refused_event_remains() throws Exception {
        NewEvent known = TestEvents.placing();
        ledger.append(known, ANY);
        List<NewEvent> fresh = Stream.generate(TestEvents::placing).limit(3).toList();
        NewEvent conflicting = TestEvents.withPayload(known, json("{'other':1}"));
        List<String> before = counts();

        assertThatExceptionOfType(BatchRefused.class)
                .isThrownBy(() -> ledger.appendAll(
                        anyVersion(List.of(fresh.get(0), known, fresh.get(1), conflicting, fresh.get(2))),
                        OnRefusal.APPEND_NOTHING))
                .satisfies(refused -> {
                    assertThat(refused.index()).isEqualTo(3);
                    assertThat(refused.reason()).isInstanceOfSatisfying(EventConflict.class, conflict -> {
                        assertThat(conflict.eventId()).isEqualTo(known.eventId());
                        assertThat(conflict.streamId()).isEqualTo(known.streamId());
                    });
                });

        assertThat(counts()).isEqualTo(before);
    }

    @Test
    void the_first_refused_event_is_named_also_when_a_later_one_is_found_earlier() {
        NewEvent known = TestEvents.placing();
        ledger.append(known, ANY);
        UUID order = UUID.randomUUID();

        assertThatExceptionOfType(BatchRefused.class)
                .isThrownBy(() -> ledger.appendAll(
                        List.of(
                                new BatchEvent(TestEvents.placingOf(order), NO_STREAM),
                                new BatchEvent(TestEvents.cancellationOf(order), new ExpectedVersion.Exactly(5)),
                                new BatchEvent(TestEvents.withPayload(known, json("{}")), ANY)),
                        OnRefusal.APPEND_NOTHING))
                .satisfies(refused -> {
                    assertThat(refused.index()).isEqualTo(1);
                    assertThat(refused.reason()).isInstanceOfSatisfying(UnexpectedVersion.class, unexpected -> {
                        assertThat(unexpected.streamId()).isEqualTo(order);
                        assertThat(unexpected.expected()).isEqualTo(new ExpectedVersion.Exactly(5));
                        assertThat(unexpected.actual()).isEqualTo(1);
                    });
                });
        assertThat(reader.history(order)).isEmpty();
    }

    @Test
    void the_others_are_recorded_where_that_is_wanted() {
        NewEvent known = TestEvents.placing();
        ledger.append(known, ANY);
        UUID order = UUID.randomUUID();

        List<BatchResult> results = ledger.appendAll(
                List.of(
                        new BatchEvent(TestEvents.withPayload(known, json("{}")), ANY),
                        new BatchEvent(TestEvents.placingOf(order), new ExpectedVersion.Exactly(1)),
                        new BatchEvent(TestEvents.cancellationOf(order), NO_STREAM)),
                OnRefusal.APPEND_THE_OTHERS);

        assertThat(results.get(0))
                .isInstanceOfSatisfying(
                        BatchResult.Refused.class,
                        refused -> assertThat(refused.reason()).isInstanceOf(EventConflict.class));
        assertThat(results.get(1))
                .isInstanceOfSatisfying(
                        BatchResult.Refused.class,
                        refused -> assertThat(refused.reason()).isInstanceOf(UnexpectedVersion.class));
        assertThat(recorded(results.get(2)).version()).isEqualTo(1);
        assertThat(reader.history(order)).hasSize(1);
    }

    @Test
    void a_batch_may_be_empty() {
        assertThat(ledger.appendAll(List.of(), OnRefusal.APPEND_NOTHING)).isEmpty();
    }

    @Test
    void a_batch_has_a_greatest_number_of_events() {
        UUID order = UUID.randomUUID();
        List<BatchEvent> largest = anyVersion(Stream.generate(() -> TestEvents.cancellationOf(order))
                .limit(Ledger.MAX_EVENTS_PER_BATCH)
                .toList());

        assertThat(ledger.appendAll(largest, OnRefusal.APPEND_NOTHING))
                .extracting(result -> recorded(result).version())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, largest.size()).boxed().toList());

        List<BatchEvent> larger =
                Stream.concat(largest.stream(), largest.stream().limit(1)).toList();
        assertThatExceptionOfType(BatchTooLarge.class)
                .isThrownBy(() -> ledger.appendAll(larger, OnRefusal.APPEND_NOTHING));
    }

    @Test
    void a_batch_has_a_greatest_size() {
        String text = "x".repeat(Ledger.MAX_BATCH_SIZE_BYTES / 4);
        List<NewEvent> events = Stream.generate(() ->
                        TestEvents.withPayload(TestEvents.placing(), json("{}").put("text", text)))
                .limit(5)
                .toList();

        assertThatExceptionOfType(BatchTooLarge.class)
                .isThrownBy(() -> ledger.appendAll(anyVersion(events), OnRefusal.APPEND_THE_OTHERS));
        assertThat(reader.history(events.getFirst().streamId())).isEmpty();
    }

    /** What Java's NewEvent does not let happen, SQL may. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'type', 1, '{}', '{}'   | nothing
            '', 1, '{}', '{}'       | 23514 event_type_named
            'type', 0, '{}', '{}'   | 23514 event_schema_version_positive
            'type', 1, '[]', '{}'   | 23514 event_payload_object
            'type', 1, '{}', '1'    | 23514 event_metadata_object
            'type', 1, null, '{}'   | 23502 payload
            null, 1, '{}', '{}'     | 23502 type
            """)
    void a_malformed_event_is_named_to_callers_in_sql(String event, String refusal) throws Exception {
        UUID order = UUID.randomUUID();
        String call = """
                select coalesce(min(code || ' ' || detail) filter (where ordinal = 2), 'nothing')
                from ledger.append_batch(
                    array[gen_random_uuid(), gen_random_uuid()], array['%s', '%s']::uuid[], array['first', %s], array[1, %s]::smallint[],
                    array['{}', %s]::jsonb[], array[null, null]::jsonb[], array['{}', %s]::jsonb[], array[now(), now()],
                    array[null, null]::integer[], %s)""";
        String[] values = event.split(", ", -1);
        Object[] arguments = {order, order, values[0], values[1], values[2], values[3], false};

        assertThat(Sql.one(database.as("ledger_writer"), String.class, call.formatted(arguments)))
                .isEqualTo(refusal);
        assertThat(reader.history(order)).hasSize(refusal.equals("nothing") ? 2 : 1);

        if (!refusal.equals("nothing")) {
            arguments[6] = true;
            assertThatExceptionOfType(PSQLException.class)
                    .isThrownBy(() -> Sql.one(database.as("ledger_writer"), String.class, call.formatted(arguments)))
                    .satisfies(failure -> {
                        assertThat(failure.getSQLState()).isEqualTo("OL006");
                        assertThat(failure.getServerErrorMessage())
                                .extracting(ServerErrorMessage::getDetail)
                                .isEqualTo("2 " + refusal);
                    });
            assertThat(reader.history(order)).hasSize(1);
        }
    }

    @Test
    void arrays_of_different_lengths_are_refused() {
        for (String call : List.of(
                "select from ledger.append_batch('{}', '{}', '{}', '{1}', '{}', '{}', '{}', '{}', '{}', true)",
                "select from ledger.append_batch('{}', '{}', '{}', null, '{}', '{}', '{}', '{}', '{}', true)",
                "select from ledger.append_batch(null, null, null, null, null, null, null, null, null, true)",
                "select from ledger.append_batch('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', null)")) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> Sql.execute(database.as("ledger_writer"), call))
                    .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo("22023"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void nobody_appends_a_batch_with_a_snapshot_that_may_be_old(int isolation) throws Exception {
        try (OneConnection writer = new OneConnection(database.as("ledger_writer"))) {
            writer.connection().setTransactionIsolation(isolation);
            Ledger other = new Ledger(writer.dataSource());

            assertThatExceptionOfType(LedgerFault.class)
                    .isThrownBy(
                            () -> other.appendAll(anyVersion(List.of(TestEvents.placing())), OnRefusal.APPEND_NOTHING))
                    .withMessageContaining("25000");
        }
    }

    @Test
    void any_text_that_can_be_stored_comes_back_unchanged() {
        String text = "O'Brien \\ \" {\"a\":[1,2]} , \n \t \u2028 \u0001 \uD83C\uDF55 العربية 注文 null NULL ${x}";
        NewEvent event = TestEvents.withPayload(
                TestEvents.placing(), json("{}").put(text, text).put("long", "x".repeat(200_000)));

        ledger.appendAll(anyVersion(List.of(event, TestEvents.placing())), OnRefusal.APPEND_NOTHING);

        assertThat(reader.history(event.streamId()))
                .singleElement()
                .satisfies(recorded -> assertThat(recorded.payload()).isEqualTo(event.payload()));
    }

    @Test
    void salts_differ_within_a_batch() throws Exception {
        try (TemporaryDatabase fresh = TemporaryDatabase.create()) {
            new Ledger(fresh.as("ledger_writer"))
                    .appendAll(
                            anyVersion(Stream.generate(() -> TestEvents.withOccurredAt(TestEvents.placing(), NOON))
                                    .limit(30)
                                    .toList()),
                            OnRefusal.APPEND_NOTHING);

            assertThat(Sql.list(fresh.asSuperuser(), String.class, "select salt::text from ledger.personal_data"))
                    .hasSize(30)
                    .doesNotHaveDuplicates();
            assertThat(PersonalData.faults(fresh.asSuperuser())).isEmpty();
        }
    }

    private static List<String> counts() throws SQLException {
        return Sql.list(database.asSuperuser(), String.class, """
                select concat_ws(' ', (select count(*) from ledger.event), (select count(*) from ledger.personal_data),
                    (select count(*) from ledger.pending), (select count(*) from ledger.duplicate))""");
    }

    private static List<BatchEvent> anyVersion(List<NewEvent> events) {
        return events.stream().map(event -> new BatchEvent(event, ANY)).toList();
    }

    private static AppendResult recorded(BatchResult result) {
        return switch (result) {
            case BatchResult.Recorded(AppendResult recorded) -> recorded;
            case BatchResult.Refused(AppendRefused reason) -> throw new AssertionError(reason);
        };
    }
}
