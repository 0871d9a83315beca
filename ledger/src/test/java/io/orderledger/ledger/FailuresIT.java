package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class FailuresIT {
    /** For each constraint a statement that breaks it, which names a guest whose name must not get into a message. */
    private static final Map<String, String> BREAKING = Map.ofEntries(
            breakingEvent("event_pk", "jsonb_build_object('position', e.position)"),
            breakingEvent("event_event_id_key", "jsonb_build_object('event_id', e.event_id)"),
            breakingEvent("event_stream_version_key", "jsonb_build_object('version', e.version)"),
            breakingEvent("event_version_positive", "'{\"version\": 0}'"),
            breakingEvent("event_schema_version_positive", "'{\"schema_version\": 0}'"),
            breakingEvent("event_type_named", "'{\"type\": \"\"}'"),
            breakingEvent("event_payload_object", "'{\"payload\": \"Lee O’Brien\"}'"),
            breakingEvent("event_metadata_object", "'{\"metadata\": \"Lee O’Brien\"}'"),
            breakingEvent("event_personal_digest_sha256", "'{\"personal_digest\": \"\\\\x00\"}'"),
            breakingEvent("event_digest_sha256", "'{\"digest\": \"\\\\x00\"}'"),
            breakingEvent("event_occurred_before_recorded", "'{\"occurred_at\": \"infinity\"}'"),
            Map.entry("personal_data_pk", "insert into ledger.personal_data select * from ledger.personal_data"),
            Map.entry(
                    "personal_data_object",
                    "insert into ledger.personal_data select -1, salt, '\"Lee O’Brien\"' from ledger.personal_data"),
            Map.entry(
                    "personal_data_salt_length",
                    "insert into ledger.personal_data select -1, '', data from ledger.personal_data"),
            Map.entry("pending_pk", "insert into ledger.pending values (5), (5)"),
            Map.entry("block_pk", "insert into ledger.block select * from ledger.block"),
            breakingBlock("block_tree_size_key", "'{}'"),
            breakingBlock("block_height_positive", "'{\"height\": 0, \"tree_size\": 99}'"),
            breakingBlock("block_event_count_positive", "'{\"event_count\": 0, \"tree_size\": 99}'"),
            breakingBlock("block_tree_size_has_room", "'{\"event_count\": 99, \"tree_size\": 99}'"),
            breakingBlock("block_root_sha256", "'{\"root\": \"\\\\x00\", \"tree_size\": 99}'"),
            breakingBlock("block_frontier_of_digests", "'{\"frontier\": \"\\\\x00\", \"tree_size\": 99}'"),
            Map.entry("identity_pk", "insert into ledger.identity default values"),
            Map.entry("identity_single", "insert into ledger.identity (single) values (false)"),
            Map.entry("identity_name_plain", "insert into ledger.identity (name) values ('Lee O’Brien')"),
            Map.entry("tree_node_pk", "insert into ledger.tree_node values (8, 0, sha256('')), (8, 0, sha256(''))"),
            Map.entry("tree_node_level_cached", "insert into ledger.tree_node values (7, 0, sha256(''))"),
            Map.entry("tree_node_digest_sha256", "insert into ledger.tree_node values (8, 0, 'Lee')"),
            Map.entry("late_pk", "insert into ledger.late values (5, 1), (5, 1)"),
            Map.entry("late_block_fk", "insert into ledger.late values (5, 4711)"),
            Map.entry("sealer_pk", "insert into ledger.sealer default values"),
            Map.entry("sealer_single", "insert into ledger.sealer (single) values (false)"),
            Map.entry("refused_pk", "insert into ledger.refused select * from ledger.refused"),
            Map.entry("refused_message_digest_sha256", refusedAs("'', 'INVALID', ''")),
            Map.entry("refused_reason_known", refusedAs("sha256('y'), 'Lee O’Brien', ''")),
            Map.entry("refused_message_or_erased", refusedAs("sha256('z'), 'INVALID', null")),
            Map.entry(
                    "duplicate_pk",
                    "insert into ledger.duplicate overriding system value values (-1, 5, '{}', now()), (-1, 5, '{}', now())"),
            Map.entry(
                    "duplicate_metadata_object",
                    "insert into ledger.duplicate (position, metadata, delivered_at) values (5, '\"Lee O’Brien\"', now())"),
            Map.entry("erasure_secret_pk", "insert into ledger.erasure_secret select * from ledger.erasure_secret"),
            Map.entry(
                    "erasure_secret_single",
                    "insert into ledger.erasure_secret select false, secret from ledger.erasure_secret"),
            Map.entry("erasure_secret_length", "insert into ledger.erasure_secret values (true, '')"),
            Map.entry(
                    "tombstone_pk",
                    "insert into ledger.tombstone values (sha256('Lee'), now()), (sha256('Lee'), now())"),
            Map.entry("tombstone_customer_digest_sha256", "insert into ledger.tombstone values ('', now())"),
            Map.entry("publication_pk", "insert into ledger.publication values ('lee', 0), ('lee', 0)"),
            Map.entry("publication_plain", "insert into ledger.publication values ('Lee O’Brien', 0)"),
            Map.entry("publication_height_not_negative", "insert into ledger.publication values ('lee', -1)"),
            Map.entry("publication_announced_not_negative", "insert into ledger.publication values ('lee', 0, -1)"),
            Map.entry(
                    "publication_held_by_somebody",
                    "insert into ledger.publication values ('lee', 0, 0, gen_random_uuid(), null)"),
            Map.entry(
                    "parked_action_pk",
                    "insert into ledger.parked_action overriding system value select i, message_digest, 'DROPPED', '', 'Lee O’Brien',"
                            + " 'twice', now() from ledger.refused, unnest(array[-1, -1]) i"),
            breakingParkedAction(
                    "parked_action_of_a_message", "sha256('unknown'), 'DROPPED', '', 'Lee', 'Lee O’Brien'"),
            breakingParkedAction("parked_action_outcome_known", "message_digest, 'Lee O’Brien', '', 'Lee', 'why'"),
            breakingParkedAction("parked_action_actor_given", "message_digest, 'DROPPED', '', ' ', 'Lee O’Brien'"),
            breakingParkedAction("parked_action_reason_given", "message_digest, 'DROPPED', '', 'Lee O’Brien', ' '"),
            breakingParkedAction(
                    "parked_action_detail_length",
                    "message_digest, 'DROPPED', repeat('Lee O’Brien ', 200), 'Lee', 'why'"),
            Map.entry(
                    "replay_failure_pk",
                    "insert into ledger.replay_failure values (sha256('Lee'), 1, now()), (sha256('Lee'), 1, now())"),
            Map.entry(
                    "replay_failure_message_digest_sha256",
                    "insert into ledger.replay_failure values ('Lee', 1, now())"),
            Map.entry("self_replay_pk", "insert into ledger.self_replay (next_messages) values (1)"),
            Map.entry("self_replay_single", "insert into ledger.self_replay (single, next_messages) values (false, 1)"),
            Map.entry("self_replay_next_messages_range", "update ledger.self_replay set next_messages = 0"),
            Map.entry("self_replay_stopped_by_given", "update ledger.self_replay set stopped_by = 'Lee O’Brien'"));

    private static TemporaryDatabase database;

    @BeforeAll
    static void open() throws SQLException {
        database = TemporaryDatabase.create();
        Ledger ledger = new Ledger(database.as("ledger_recorder"));
        ledger.append(TestEvents.placing(), ANY);
        ledger.seal();
        Sql.execute(
                database.as("ledger_writer"), "select ledger.refuse(null, null, 'INVALID', 'Lee O’Brien', '', 'x')");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static Map.Entry<String, String> breakingEvent(String constraint, String change) {
        return Map.entry(constraint, """
            insert into ledger.event (position, event_id, stream_id, version, type, schema_version, payload, personal_digest,
                metadata, occurred_at, recorded_at, digest)
            overriding system value
            select coalesce(c.position, e.position + 1000), coalesce(c.event_id, gen_random_uuid()), e.stream_id,
                coalesce(c.version, 1000), coalesce(c.type, e.type), coalesce(c.schema_version, 1::smallint),
                coalesce(c.payload, e.payload), c.personal_digest, coalesce(c.metadata, e.metadata),
                coalesce(c.occurred_at, e.occurred_at), e.recorded_at, coalesce(c.digest, e.digest)
            from ledger.event e, jsonb_populate_record(null::ledger.event, to_jsonb(e) - array[
                'position', 'event_id', 'version', 'personal_digest', 'digest', 'occurred_at'] || %s) c""".formatted(change));
    }

    private static Map.Entry<String, String> breakingBlock(String constraint, String change) {
        return Map.entry(constraint, """
            insert into ledger.block
            select c.* from ledger.block b, jsonb_populate_record(b, '{"height": 77}'::jsonb || %s) c""".formatted(change));
    }

    /** Digest, reason and message. */
    private static String refusedAs(String values) {
        return """
                insert into ledger.refused (message_digest, reason, message, detail, path, refused_at)
                values (%s, 'Lee O’Brien', '', now())""".formatted(values);
    }

    /** Digest, outcome, detail, actor and reason. */
    private static Map.Entry<String, String> breakingParkedAction(String constraint, String values) {
        return Map.entry(constraint, """
            insert into ledger.parked_action (message_digest, outcome, detail, actor, reason, acted_at)
            select %s, now() from ledger.refused limit 1""".formatted(values));
    }

    static Stream<Arguments> constraints() {
        return BREAKING.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("constraints")
    void a_broken_constraint_is_a_fault_that_names_it_and_no_value(String constraint, String statement) {
        Database asSuperuser = new Database(database.asSuperuser());

        assertThatExceptionOfType(LedgerFault.class)
                .isThrownBy(() -> asSuperuser.statement(sql -> sql.execute(statement)))
                .satisfies(fault -> {
                    assertThat(fault.constraint()).isEqualTo(constraint);
                    assertThat(fault.sqlState()).startsWith("23");
                    assertThat(fault.getMessage()).contains(constraint);
                    assertThat(stackTrace(fault)).doesNotContain("Brien", "lee");
                });
    }

    @Test
    void every_constraint_has_such_a_test() throws SQLException {
        assertThat(Sql.list(database.asSuperuser(), String.class, """
                        select conname::text from pg_constraint
                        where connamespace = 'ledger'::regnamespace and contype in ('p', 'u', 'c', 'f', 'x')"""))
                .containsExactlyInAnyOrderElementsOf(BREAKING.keySet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select '{\"name\": \"Lee O’Brien\\u0000\"}'::jsonb",
                "select 'Lee O’Brien'::uuid",
                "select 'Lee O’Brien' from nowhere",
                "select 1 / length('') from (select 'Lee O’Brien') guest"
            })
    void an_unknown_failure_is_a_fault_that_quotes_nothing(String statement) {
        assertThatExceptionOfType(LedgerFault.class)
                .isThrownBy(() -> new Database(database.asSuperuser()).statement(sql -> sql.fetch(statement)))
                .satisfies(fault -> {
                    assertThat(fault.sqlState()).hasSize(5);
                    assertThat(stackTrace(fault)).contains(fault.sqlState()).doesNotContain("Brien");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void a_collision_is_tried_again_some_times(String sqlState) {
        AtomicInteger attempts = new AtomicInteger();

        assertThatExceptionOfType(LedgerUnavailable.class)
                .isThrownBy(() -> new Database(database.asSuperuser()).transaction(sql -> {
                    attempts.incrementAndGet();
                    return sql.execute(raising(sqlState));
                }))
                .satisfies(failure -> {
                    assertThat(failure.sqlState()).isEqualTo(sqlState);
                    assertThat(Objects.requireNonNull(failure.getCause()).getSuppressed())
                            .hasSize(Database.MAX_ATTEMPTS - 1);
                });
        assertThat(attempts).hasValue(Database.MAX_ATTEMPTS);
    }

    @Test
    void a_collision_that_passes_is_not_noticed() {
        AtomicInteger attempts = new AtomicInteger();

        int result = new Database(database.asSuperuser()).transaction(sql -> {
            if (attempts.incrementAndGet() < Database.MAX_ATTEMPTS) {
                sql.execute(raising("40001"));
            }
            return 42;
        });

        assertThat(result).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"53300", "57014", "57P01", "58030", "55P03", "25006", "25P03"})
    void what_operations_have_to_mend_is_unavailability_and_not_tried_again(String sqlState) {
        AtomicInteger attempts = new AtomicInteger();

        assertThatExceptionOfType(LedgerUnavailable.class)
                .isThrownBy(() -> new Database(database.asSuperuser()).statement(sql -> {
                    attempts.incrementAndGet();
                    return sql.execute(raising(sqlState));
                }))
                .satisfies(failure -> assertThat(failure.sqlState()).isEqualTo(sqlState));
        assertThat(attempts).hasValue(1);
    }

    @Test
    void a_server_that_is_not_there_is_unavailability() throws IOException {
        PGSimpleDataSource nobody = new PGSimpleDataSource();
        nobody.setServerNames(new String[] {"127.0.0.1"});
        nobody.setPortNumbers(new int[] {unusedPort()});

        assertUnavailable(nobody, "08001");
    }

    @Test
    void a_session_that_was_ended_is_unavailability() throws Exception {
        try (OneConnection connection = new OneConnection(database.as("ledger_writer"))) {
            int session = Sql.list(connection.connection(), Integer.class, "select pg_backend_pid()")
                    .getFirst();
            Sql.execute(database.asSuperuser(), "select pg_terminate_backend(" + session + ", 10000)");

            assertUnavailable(connection.dataSource(), "57P01");
            assertUnavailable(connection.dataSource(), "08003");
        }
    }

    private static void assertUnavailable(DataSource dataSource, String sqlState) {
        assertThatExceptionOfType(LedgerUnavailable.class)
                .isThrownBy(() -> new Ledger(dataSource).append(TestEvents.placing(), ANY))
                .satisfies(failure -> assertThat(failure.sqlState()).isEqualTo(sqlState));
    }

    @Test
    void a_missing_right_is_a_fault() {
        assertThatExceptionOfType(LedgerFault.class)
                .isThrownBy(() -> new Ledger(database.as("ledger_reader")).append(TestEvents.placing(), ANY))
                .satisfies(fault -> assertThat(fault.sqlState()).isEqualTo("42501"));
    }

    private static String raising(String sqlState) {
        return "do $$ begin raise exception using errcode = '" + sqlState + "', message = 'on purpose'; end $$";
    }

    /** Nothing listens on it any more once it is known. */
    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String stackTrace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
