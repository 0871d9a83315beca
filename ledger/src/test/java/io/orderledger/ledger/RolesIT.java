package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every role can do its task, and of all the statements here those only that belong to it. */
class RolesIT {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String NOT_PERMITTED_TO_LOG_IN = "28000";

    private static final String APPEND =
            "select ledger.append(gen_random_uuid(), gen_random_uuid(), 'X', 1::smallint, '{}', null, '{}', now(), null)";
    private static final String REFUSE = "select ledger.refuse(null, null, 'INVALID', '', '', 'x'::bytea)";
    private static final String SEAL = "select ledger.seal(1)";
    private static final String ANYTHING_PENDING = "select ledger.anything_pending()";
    private static final String READ_EVENTS = "select count(*) from ledger.event";
    private static final String READ_PERSONAL_DATA = "select count(*) from ledger.personal_data";
    private static final String READ_BLOCKS = "select count(*) from ledger.block, ledger.late, ledger.pending";
    private static final String READ_REFUSED = "select count(*) from ledger.refused";
    private static final String READ_SEALER = "select count(*) from ledger.sealer";
    private static final String READ_TREE = "select count(*) from ledger.tree_node, ledger.identity";
    private static final String PROVE = "select ledger.leaf_index(1)";
    private static final String DIGEST = "select ledger.personal_digest('', '{}')";
    private static final String READ_VIEW = "select count(*) from projection.orders_v1";
    private static final String READ_CHECKPOINT = "select count(*) from projection.checkpoint";
    private static final String READ_VIEW_TABLE = "select count(*) from projection.orders_v1_a";
    private static final String WRITE_VIEW_TABLE = "delete from projection.orders_v1_a";
    private static final String MOVE_CHECKPOINT = "update projection.checkpoint set height = height";

    private static final Map<String, List<String>> TASKS = Map.of(
            "ledger_writer", List.of(APPEND, REFUSE),
            "ledger_sealer", List.of(SEAL, ANYTHING_PENDING),
            "ledger_projector",
                    List.of(
                            READ_EVENTS,
                            READ_BLOCKS,
                            READ_CHECKPOINT,
                            MOVE_CHECKPOINT,
                            READ_VIEW_TABLE,
                            WRITE_VIEW_TABLE),
            "ledger_recorder",
                    List.of(
                            APPEND,
                            REFUSE,
                            SEAL,
                            ANYTHING_PENDING,
                            READ_EVENTS,
                            READ_BLOCKS,
                            READ_CHECKPOINT,
                            MOVE_CHECKPOINT,
                            READ_VIEW_TABLE,
                            WRITE_VIEW_TABLE),
            "ledger_reader",
                    List.of(READ_EVENTS, READ_BLOCKS, READ_PERSONAL_DATA, READ_TREE, PROVE, READ_VIEW, READ_CHECKPOINT),
            "ledger_auditor",
                    List.of(
                            READ_EVENTS,
                            READ_BLOCKS,
                            READ_PERSONAL_DATA,
                            READ_REFUSED,
                            READ_SEALER,
                            READ_TREE,
                            PROVE,
                            DIGEST,
                            READ_VIEW,
                            READ_VIEW_TABLE,
                            READ_CHECKPOINT));

    /** What no role that can log in may do. */
    private static final List<String> FORBIDDEN_TO_ALL = List.of(
            """
            insert into ledger.event (event_id, stream_id, version, type, schema_version, payload, metadata, occurred_at,
                recorded_at, digest)
            values (gen_random_uuid(), gen_random_uuid(), 1, 'X', 1, '{}', '{}', now(), now(), sha256(''))""",
            "update ledger.event set type = 'X'",
            "delete from ledger.event",
            "truncate ledger.event",
            "select nextval('ledger.event_position_seq')",
            "select setval('ledger.event_position_seq', 1)",
            "insert into ledger.pending (position) values (1)",
            "delete from ledger.pending",
            "insert into ledger.block (height, high, event_count, sealed_at) values (99, 99, 1, now())",
            "insert into ledger.tree_node (level, ordinal, digest) values (8, 0, sha256(''))",
            "delete from ledger.tree_node",
            "update ledger.identity set incarnation = gen_random_uuid()",
            "select ledger.extend_tree(0, '', sha256(''))",
            "insert into ledger.late (position, height) values (99, 99)",
            "update ledger.sealer set pending_floor = 99",
            "select from ledger.sealer for update",
            "delete from ledger.personal_data",
            "update ledger.personal_data set data = '{}'",
            "insert into ledger.refused select * from ledger.refused",
            "delete from ledger.refused",
            "insert into projection.checkpoint (projection) values ('mine')",
            "delete from projection.checkpoint",
            "update projection.checkpoint set projection = 'mine'",
            "truncate projection.orders_v1_a",
            "insert into projection.orders_v1 select * from projection.orders_v1",
            "create table ledger.mine (x int)",
            "create table projection.mine (x int)",
            "create table public.mine (x int)",
            "create function ledger.mine() returns int language sql return 1",
            "create schema mine",
            "alter table ledger.event disable trigger all",
            "drop table ledger.late",
            "drop trigger event_is_immutable on ledger.event",
            "alter function ledger.append security invoker",
            "create or replace view projection.orders_v1 as select 1 as one",
            "set session_replication_role = replica",
            "set role ledger_owner",
            "set role migrator",
            "alter role ledger_owner login",
            "grant ledger_owner to current_user",
            "select * from migration.flyway_schema_history");

    private static final Map<String, OneConnection> SESSIONS = new HashMap<>();

    private static TemporaryDatabase database;

    @BeforeAll
    static void open() throws SQLException {
        database = TemporaryDatabase.create();
        for (String role : TASKS.keySet()) {
            SESSIONS.put(role, new OneConnection(database.as(role)));
        }
    }

    @AfterAll
    static void close() throws SQLException {
        for (OneConnection session : SESSIONS.values()) {
            session.close();
        }
        database.close();
    }

    private static void execute(String role, String statement) throws SQLException {
        Sql.execute(Objects.requireNonNull(SESSIONS.get(role)).dataSource(), statement);
    }

    static Stream<Arguments> permitted() {
        return TASKS.entrySet().stream()
                .flatMap(role -> role.getValue().stream().map(statement -> Arguments.of(role.getKey(), statement)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("permitted")
    void may_do_its_task(String role, String statement) throws SQLException {
        execute(role, statement);
    }

    static Stream<Arguments> forbidden() {
        List<String> allTasks =
                TASKS.values().stream().flatMap(List::stream).distinct().toList();
        return TASKS.entrySet().stream()
                .flatMap(role -> Stream.concat(allTasks.stream(), FORBIDDEN_TO_ALL.stream())
                        .filter(statement -> !role.getValue().contains(statement))
                        .map(statement -> Arguments.of(role.getKey(), statement)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("forbidden")
    void may_do_nothing_else(String role, String statement) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> execute(role, statement))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo(INSUFFICIENT_PRIVILEGE));
    }

    @Test
    void nobody_logs_in_as_the_owner() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Sql.execute(database.as("ledger_owner"), "select 1"))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo(NOT_PERMITTED_TO_LOG_IN));
    }

    @Test
    void no_role_has_more_than_its_grants() throws SQLException {
        assertThat(Sql.list(database.asSuperuser(), String.class, """
                        select rolname::text from pg_roles
                        where rolname like 'ledger\\_%' and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)""")).isEmpty();
        assertThat(Sql.list(database.asSuperuser(), String.class, """
                        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                        where n.nspname in ('ledger', 'projection') and has_function_privilege('public', p.oid, 'execute')"""))
                .as("functions that everybody may execute")
                .isEmpty();
    }

    @Test
    void functions_that_run_as_the_owner_have_a_fixed_search_path() throws SQLException {
        assertThat(Sql.list(database.asSuperuser(), String.class, """
                        select p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                        where n.nspname in ('ledger', 'projection') and p.prosecdef
                            and p.proconfig is distinct from array['search_path=pg_catalog, pg_temp']""")).isEmpty();
    }

    @Test
    void a_role_with_tables_of_the_same_names_first_in_its_path_fools_no_function() throws Exception {
        NewEvent event = TestEvents.withPersonalData(TestEvents.placing(), Optional.empty());
        try (OneConnection connection = new OneConnection(database.as("ledger_writer"))) {
            for (String statement : List.of(
                    "create temp table event (like ledger.refused)",
                    "create function pg_temp.sha256(bytea) returns bytea language sql return ''::bytea",
                    "set search_path = pg_temp, ledger")) {
                try (var execution = connection.connection().createStatement()) {
                    execution.execute(statement);
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).isEqualTo(INSUFFICIENT_PRIVILEGE);
                }
            }
            new Ledger(connection.dataSource()).append(event, ANY);
        }

        assertThat(Sql.one(database.as("ledger_auditor"), Boolean.class, """
                        select digest = ledger.event_digest(position, event_id, stream_id, version, type, schema_version, payload,
                            personal_digest, metadata, occurred_at, recorded_at, null)
                        from ledger.event where event_id = ?""", event.eventId()))
                .isTrue();
    }
}
