package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for the roles as such; what each of them may do is tried by {@link PrivilegesIT}. */
class RolesIT {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String NOT_PERMITTED_TO_LOG_IN = "28000";

    private static TemporaryDatabase database;

    @BeforeAll
    static void open() {
        database = TemporaryDatabase.create();
    }

    @AfterAll
    static void close() {
        database.close();
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
                            and 'search_path=pg_catalog, pg_temp' <> all (coalesce(p.proconfig, '{}'))""")).isEmpty();
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
