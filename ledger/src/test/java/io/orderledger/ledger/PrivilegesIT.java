package io.orderledger.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every role tries every kind of statement on everything that there is, and may do what {@code privileges.txt} lists, neither more nor
 * less. What is tried comes from the database's catalogue: what a migration adds is forbidden to everybody until it is listed.
 */
class PrivilegesIT {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String CANCELLED = "57014";
    private static final int TIMEOUT_SECONDS = 30;

    /** No statement can write to such a view, or to an identity through a view, whoever tries. */
    private static final Set<String> NOT_UPDATABLE = Set.of("55000", "0A000", "428C9");

    /** What reaches beyond the tables: files, processes, other roles, the server itself. */
    private static final List<String> BEYOND_TABLES = List.of(
            "copy (select 1) to program 'true'",
            "copy ledger.event from program 'true'",
            "copy (select 1) to '/tmp/order-ledger-privileges'",
            "copy ledger.event from '/dev/null'",
            "select pg_read_file('PG_VERSION')",
            "select pg_read_binary_file('PG_VERSION')",
            "select pg_ls_dir('.')",
            "select pg_stat_file('PG_VERSION')",
            "select pg_ls_waldir()",
            "select lo_import('/dev/null')",
            "select lo_export(1, '/dev/null')",
            "select pg_reload_conf()",
            "select pg_rotate_logfile()",
            "select pg_switch_wal()",
            "select pg_promote()",
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres' and pid <> pg_backend_pid()",
            "select from pg_authid",
            "select from pg_statistic",
            "checkpoint",
            "alter system set log_statement = 'all'",
            "set log_statement = 'all'",
            "set session_replication_role = replica",
            "create role mine",
            "create database mine",
            "create schema mine",
            "create table public.mine (x int)",
            "select from migration.flyway_schema_history",
            "create publication mine for all tables",
            "create event trigger mine on ddl_command_end execute function ledger.refuse_change()",
            "alter role current_user superuser",
            "alter role current_user createrole",
            "alter role current_user bypassrls",
            "alter role ledger_owner login",
            "grant ledger_owner to current_user",
            "grant pg_read_all_data to current_user",
            "grant select on ledger.erasure_secret to current_user",
            "alter default privileges for role ledger_owner grant select on tables to public",
            "alter function ledger.append security invoker",
            "create or replace function ledger.customer_digest(text) returns bytea language sql return ''::bytea",
            "drop function ledger.refuse_change cascade",
            "alter database current set role to ledger_owner");

    private static TemporaryDatabase database;

    /** Keeps a session of the superuser's there to be ended by nobody. */
    private static Connection superuser;

    @BeforeAll
    static void open() throws SQLException {
        database = TemporaryDatabase.create();
        superuser = database.asSuperuser().getConnection();
    }

    @AfterAll
    static void close() throws SQLException {
        superuser.close();
        database.close();
    }

    static List<String> roles() throws SQLException {
        return Sql.list(
                database.asSuperuser(),
                String.class,
                "select rolname::text from pg_roles where rolname like 'ledger\\_%' and rolcanlogin order by 1");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roles")
    void may_do_what_is_listed_and_nothing_else(String role) throws Exception {
        Set<String> permitted = new TreeSet<>();
        try (Connection connection = database.as(role).getConnection()) {
            Attempts attempts = new Attempts(connection, permitted);
            attempts.onTables(Catalogue.relations(superuser));
            attempts.onSequences(Catalogue.sequences(superuser));
            attempts.onFunctions(Catalogue.calls(superuser));
            attempts.onSchemas(Catalogue.schemas(superuser));
            attempts.onRoles(Catalogue.otherRoles(superuser, role));
        }

        assertThat(permitted).containsExactlyInAnyOrderElementsOf(listed(role));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roles")
    void reaches_nothing_beyond_tables(String role) throws Exception {
        // Each for itself: some of these are refused in transactions to everybody.
        for (String statement : BEYOND_TABLES) {
            assertThatExceptionOfType(SQLException.class)
                    .as(statement)
                    .isThrownBy(() -> Sql.execute(
                            database.as(role), statement.replace("database current", "database " + database.name())))
                    .satisfies(refusal ->
                            assertThat(refusal.getSQLState()).as(statement).isEqualTo(INSUFFICIENT_PRIVILEGE));
        }
    }

    @Test
    void roles_that_are_listed_exist() throws Exception {
        assertThat(listing().map(line -> line.split(" ", 2)[0]).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(roles());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledger.unlisted", "projection.unlisted"})
    void what_a_migration_adds_is_forbidden_until_it_is_granted(String table) throws Exception {
        Sql.execute(
                database.asSuperuser(),
                "set role ledger_owner",
                "create table " + table + " (x int)",
                "create function " + table + "() returns int language sql return 1");
        try {
            for (String role : roles()) {
                Set<String> permitted = new TreeSet<>();
                try (Connection connection = database.as(role).getConnection()) {
                    Attempts attempts = new Attempts(connection, permitted);
                    attempts.onTables(Catalogue.relations(superuser));
                    attempts.onFunctions(Catalogue.calls(superuser));
                }
                assertThat(permitted).noneMatch(action -> action.contains("unlisted"));
            }
        } finally {
            Sql.execute(database.asSuperuser(), "drop table " + table, "drop function " + table + "()");
        }
    }

    private static List<String> listed(String role) throws IOException {
        return listing()
                .filter(line -> line.startsWith(role + " "))
                .map(line -> line.substring(role.length() + 1))
                .toList();
    }

    private static Stream<String> listing() throws IOException {
        try (InputStream file = PrivilegesIT.class.getResourceAsStream("/privileges.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.replaceAll(" +", " "));
        }
    }

    /** Tries statements as one role, each in a transaction that is rolled back, and notes what is not refused. */
    private record Attempts(Connection connection, Set<String> permitted) {
        void onTables(List<Catalogue.Relation> relations) throws SQLException {
            for (Catalogue.Relation relation : relations) {
                String name = relation.name();
                onColumns("select", relation, "select %s from " + name + " limit 0");
                onColumns("insert", relation, "insert into " + name + " (%s) values (default)");
                onColumns("update", relation, "update " + name + " set %s = default");
                attempt("delete " + name, "delete from " + name);
                if (relation.kind().equals("table")) {
                    attempt("truncate " + name, "truncate " + name + " cascade");
                    attempt("index " + name, "create index on " + name + " ((1))");
                }
                attempt(
                        "trigger " + name,
                        "create trigger mine before insert on " + name
                                + " for each statement execute function pg_catalog.suppress_redundant_updates_trigger()");
                attempt("alter " + name, "alter " + relation.kind() + " " + name + " rename to renamed");
                attempt("drop " + name, "drop " + relation.kind() + " " + name + " cascade");
            }
        }

        void onSequences(List<String> sequences) throws SQLException {
            for (String sequence : sequences) {
                attempt("nextval " + sequence, "select nextval('" + sequence + "')");
                attempt("setval " + sequence, "select setval('" + sequence + "', 1)");
                attempt("select " + sequence, "select last_value from " + sequence);
                attempt("drop " + sequence, "drop sequence " + sequence + " cascade");
            }
        }

        void onFunctions(List<Catalogue.Call> calls) throws SQLException {
            for (Catalogue.Call call : calls) {
                attempt("execute " + call.name(), call.statement());
            }
        }

        void onSchemas(List<String> schemas) throws SQLException {
            for (String schema : schemas) {
                attempt("create in " + schema, "create table " + schema + ".mine (x int)");
                attempt("drop " + schema, "drop schema " + schema + " cascade");
            }
        }

        void onRoles(List<String> roles) throws SQLException {
            for (String role : roles) {
                attempt("set role " + role, "set role " + role);
                attempt("set session authorization " + role, "set session authorization " + role);
            }
        }

        private void onColumns(String action, Catalogue.Relation relation, String statement) throws SQLException {
            Set<String> columns = new TreeSet<>();
            for (String column : relation.columns()) {
                if (isPermitted(statement.formatted(column))) {
                    columns.add(action + " " + relation.name() + "." + column);
                }
            }
            if (columns.size() == relation.columns().size()) {
                permitted.add(action + " " + relation.name());
            } else {
                permitted.addAll(columns);
            }
        }

        void attempt(String action, String statement) throws SQLException {
            if (isPermitted(statement)) {
                permitted.add(action);
            }
        }

        /** A statement that fails for any other reason than a missing right was permitted. */
        private boolean isPermitted(String sql) throws SQLException {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(TIMEOUT_SECONDS);
                statement.execute(sql);
                return true;
            } catch (SQLException e) {
                if (CANCELLED.equals(e.getSQLState())) {
                    throw new AssertionError("does not come to an end: " + sql, e);
                }
                return !INSUFFICIENT_PRIVILEGE.equals(e.getSQLState()) && !NOT_UPDATABLE.contains(e.getSQLState());
            } finally {
                connection.rollback();
            }
        }
    }
}
