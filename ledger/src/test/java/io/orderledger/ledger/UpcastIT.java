package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static io.orderledger.ledger.TestEvents.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.GoldenEvent.Form;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of every form there ever was, read in the newest form of their type. */
class UpcastIT {
    private static final Path SCHEMAS = Path.of("../sam/schemas");
    private static final Path CATALOGUE = Path.of("../docs/events.md");
    private static final JsonMapper JSON = new JsonMapper();
    private static final String UNKNOWN_FORM = "OL008";

    /** More versions than any type has: the search for forms that the database knows ends here. */
    private static final int MAX_VERSION = 50;

    private static TemporaryDatabase database;
    private static Ledger ledger;

    private final UUID orderId = UUID.randomUUID();

    @BeforeAll
    static void open() {
        database = TemporaryDatabase.create();
        ledger = new Ledger(database.as("ledger_recorder"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static List<GoldenEvent> events() {
        return GoldenEvent.all();
    }

    static List<GoldenEvent> placings() {
        return events().stream()
                .filter(event -> event.form().type().equals(EventTypes.ORDER_PLACED))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("events")
    void every_form_is_read_in_the_newest_one_of_its_type(GoldenEvent golden) throws Exception {
        ledger.append(golden.event(orderId, Optional.empty()), ANY);

        for (String role : List.of("ledger_projector", "ledger_recorder", "ledger_reader", "ledger_auditor")) {
            assertThat(JSON.readTree(text(role, "select payload::text from ledger.current_event where stream_id = ?")))
                    .isEqualTo(golden.current());
            assertThat(text(role, "select schema_version::text from ledger.current_event where stream_id = ?"))
                    .isEqualTo(Short.toString(golden.currentVersion()));
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void what_was_recorded_stays_as_it_was(GoldenEvent golden) throws Exception {
        ledger.append(golden.event(orderId, Optional.empty()), ANY);

        assertThat(JSON.readTree(text("ledger_auditor", "select payload::text from ledger.event where stream_id = ?")))
                .isEqualTo(golden.recorded());
        assertThat(new Ledger(database.as("ledger_reader")).history(orderId))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.schemaVersion()).isEqualTo(golden.form().schemaVersion());
                    assertThat(event.payload()).isEqualTo(golden.recorded());
                });
    }

    @ParameterizedTest
    @MethodSource("events")
    void every_column_but_payload_and_schema_version_is_that_of_the_event(GoldenEvent golden) throws Exception {
        ledger.append(golden.event(orderId, Optional.of(json("{'notes':'ring twice'}"))), ANY);
        String row = "select (to_jsonb(e) - array['payload', 'schema_version'])::text from %s e where stream_id = ?";

        assertThat(text("ledger_auditor", row.formatted("ledger.current_event")))
                .isEqualTo(text("ledger_auditor", row.formatted("ledger.event")));
        assertThat(columns("ledger.current_event")).isEqualTo(columns("ledger.event"));
    }

    @Test
    void the_database_knows_the_forms_that_have_a_golden_event_and_no_others() throws Exception {
        Set<Form> golden = events().stream().map(GoldenEvent::form).collect(Collectors.toSet());

        assertThat(formsThat("ledger.upcast(?, ?::smallint, '{}') is not null")).isEqualTo(golden);
        assertThat(formsThat("ledger.upcast_version(?, ?::smallint) is not null"))
                .isEqualTo(golden);
    }

    @Test
    void every_type_has_one_newest_form_and_its_payload_stays_untouched() {
        events().stream()
                .collect(Collectors.groupingBy(event -> event.form().type()))
                .forEach((type, forms) -> {
                    GoldenEvent newest = forms.stream()
                            .max(Comparator.comparing(event -> event.form().schemaVersion()))
                            .orElseThrow();
                    assertThat(forms)
                            .extracting(GoldenEvent::currentVersion)
                            .containsOnly(newest.form().schemaVersion());
                    assertThat(newest.current()).as(type).isEqualTo(newest.recorded());
                });
    }

    @ParameterizedTest
    @MethodSource("events")
    void payloads_fit_the_schemas_of_the_form_recorded_and_of_the_newest(GoldenEvent golden) throws Exception {
        assertThat(schema(golden.form()).validate(golden.recorded())).isEmpty();
        assertThat(schema(new Form(golden.form().type(), golden.currentVersion()))
                        .validate(golden.current()))
                .isEmpty();
    }

    @Test
    void every_schema_of_an_event_has_a_golden_event() throws Exception {
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> Stream.of("-requested-", "-reported-", "order-recorded-")
                                    .noneMatch(name::contains)))
                    .containsExactlyInAnyOrderElementsOf(events().stream()
                            .map(event -> fileName(event.form()))
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void every_form_is_in_the_catalogue(GoldenEvent golden) throws Exception {
        assertThat(Files.readString(CATALOGUE))
                .contains("\n## " + golden.form().type() + "\n", "(../sam/schemas/" + fileName(golden.form()) + ")");
    }

    /** Erasure finds a customer's orders by this path, in payloads as they were recorded. */
    @ParameterizedTest
    @MethodSource("placings")
    void every_form_of_a_placing_has_its_customer_where_erasure_looks(GoldenEvent golden) {
        String customerId = "customer-" + orderId;
        ObjectNode payload = golden.recorded().deepCopy();
        assertThat(payload.at("/customer/id").isTextual()).isTrue();
        payload.withObject("/customer").put("id", customerId);
        NewEvent placing = golden.event(orderId, Optional.of(json("{'notes':'ring twice'}")));
        ledger.append(TestEvents.withPayload(placing, payload), ANY);

        new Erasure(database.as("ledger_eraser"), Duration.ofSeconds(60)).erase(customerId, _ -> {});

        List<RecordedEvent> history = new Ledger(database.as("ledger_reader")).history(orderId);
        assertThat(history)
                .extracting(RecordedEvent::type)
                .containsExactly(EventTypes.ORDER_PLACED, EventTypes.PERSONAL_DATA_ERASED);
        assertThat(history).extracting(RecordedEvent::personalData).containsOnly(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({"OrderPlaced, 3", "OrderCancelled, 2", "PersonalDataErased, 2", "OrderFramed, 1", "orderplaced, 1"})
    void the_payload_of_an_unknown_form_cannot_be_read_and_the_error_names_the_form(String type, short version)
            throws Exception {
        ledger.append(unknown(type, version), ANY);

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        text("ledger_projector", "select payload::text from ledger.current_event where stream_id = ?"))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo(UNKNOWN_FORM))
                .withMessageContaining("'" + type + "' in schema version " + version)
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("secret"));
    }

    @Test
    void who_needs_no_payload_reads_past_an_unknown_form() throws Exception {
        ledger.append(unknown("OrderFramed", (short) 7), ANY);

        assertThat(
                        text(
                                "ledger_projector",
                                "select concat_ws(' ', type, version, schema_version) from ledger.current_event where stream_id = ?"))
                .isEqualTo("OrderFramed 1");
        assertThat(text("ledger_projector", "select count(*)::text from ledger.current_event where stream_id = ?"))
                .isEqualTo("1");
        assertThat(text("ledger_projector", """
                        select coalesce(max(payload::text), 'none') from ledger.current_event
                        where stream_id = ? and schema_version is not null""")).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledger_projector", "ledger_recorder", "ledger_reader", "ledger_auditor"})
    void reading_in_the_newest_form_calls_no_function_of_ours_for_forms_that_are_known(String role) throws Exception {
        try (Connection connection = database.as(role).getConnection()) {
            String plan = String.join(
                    "\n",
                    Sql.list(
                            connection,
                            String.class,
                            "explain (verbose) select schema_version, payload from ledger.current_event"));
            String withoutPayload = String.join(
                    "\n",
                    Sql.list(connection, String.class, "explain (verbose) select stream_id from ledger.current_event"));

            assertThat(plan).contains("Seq Scan on ledger.event", "CASE").doesNotContain("upcast");
            assertThat(withoutPayload).contains("Output: e.stream_id").doesNotContain("CASE");
        }
    }

    /** Every form for which the condition, given type and version, holds rather than raises that the form is unknown. */
    private static Set<Form> formsThat(String condition) throws Exception {
        Set<Form> forms = new HashSet<>();
        try (Connection connection = database.as("ledger_reader").getConnection()) {
            for (String type : namesOfTypes(connection)) {
                for (int version = -1; version <= MAX_VERSION; version++) {
                    if (holds(connection, condition, type, version)) {
                        forms.add(new Form(type, (short) version));
                    }
                }
            }
        }
        return forms;
    }

    private static boolean holds(Connection connection, String condition, String type, int version)
            throws SQLException {
        try {
            return Sql.list(connection, Boolean.class, "select " + condition, type, version)
                    .getFirst();
        } catch (SQLException e) {
            if (UNKNOWN_FORM.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** Those that Java names, and every text in the functions' own bodies: types that only the database knows are among them. */
    private static Set<String> namesOfTypes(Connection connection) throws Exception {
        Set<String> names = new HashSet<>();
        for (Field constant : EventTypes.class.getFields()) {
            names.add((String) constant.get(null));
        }
        assertThat(names).contains(EventTypes.ORDER_PLACED);
        Pattern text = Pattern.compile("'([^']*)'::text");
        for (String body : Sql.list(connection, String.class, """
                select pg_get_function_sqlbody(oid) from pg_proc
                where oid in ('ledger.upcast'::regproc, 'ledger.upcast_version'::regproc)""")) {
            assertThat(body).containsPattern(text);
            text.matcher(body).results().forEach(found -> names.add(found.group(1)));
        }
        return names;
    }

    private NewEvent unknown(String type, short version) {
        return TestEvents.withSchemaVersion(
                TestEvents.withType(
                        TestEvents.withPayload(TestEvents.placingOf(orderId), json("{'x':'secret'}")), type),
                version);
    }

    private static Schema schema(Form form) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JSON.readTree(SCHEMAS.resolve(fileName(form)).toFile()));
    }

    private static String fileName(Form form) {
        return form.type().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT) + "-v" + form.schemaVersion()
                + ".json";
    }

    private String text(String role, String query) throws SQLException {
        return Sql.one(database.as(role), String.class, query, orderId);
    }

    private static List<String> columns(String relation) throws SQLException {
        return Sql.list(database.asSuperuser(), String.class, """
                select attname || ' ' || format_type(atttypid, atttypmod) from pg_attribute
                where attrelid = ?::regclass and attnum > 0 order by attnum""", relation);
    }
}
