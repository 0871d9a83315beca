package io.orderledger.handlers.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.embedded.EmbeddedServer;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server of its own that is as Aurora makes one: a master user that may create roles and owns the database but is no superuser, and the
 * role by which others sign in.
 */
class PrepareDatabaseIT {
    private static EmbeddedServer server;

    private AnswerAddress address;

    @BeforeAll
    static void start() throws SQLException {
        server = EmbeddedServer.temporary();
        for (String statement : List.of(
                "create role rds_iam nologin",
                "create role cluster_admin login createrole createdb",
                "grant rds_iam to cluster_admin with admin option",
                "create database orders owner cluster_admin")) {
            execute("postgres", statement);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void listen() throws IOException {
        address = new AnswerAddress();
    }

    @AfterEach
    void hangUp() {
        address.close();
    }

    @Test
    void the_user_that_it_makes_migrates_the_database_and_lets_the_functions_roles_sign_in() {
        for (int time = 0; time < 2; time++) {
            invokePreparation("Create", "migrator");
            Invocation.of(
                    new Migrate(environment("migrator")),
                    request("Create", Messages.JSON.createObjectNode().put("SchemaVersion", "1"))
                            .toString());
        }

        assertThat(address.answers())
                .hasSize(4)
                .allSatisfy(
                        answer -> assertThat(answer.get("Status").textValue()).isEqualTo("SUCCESS"));
        assertThat(members("rds_iam"))
                .contains(
                        "cluster_admin",
                        "migrator",
                        "ledger_recorder",
                        "ledger_keeper",
                        "ledger_reader",
                        "ledger_auditor")
                .doesNotContain("ledger_owner");
        assertThat(query("""
                        select rolname::text from pg_roles
                        where rolname like 'ledger\\_%' and rolcanlogin and not pg_has_role(oid, 'rds_iam', 'member')""")).as("roles that nobody could sign in as").isEmpty();
    }

    @Test
    void the_user_that_it_makes_has_no_rights_of_the_master_and_hands_none_on() {
        invokePreparation("Create", "other_migrator");

        assertThat(query("""
                        select rolname::text from pg_roles where rolname = 'other_migrator'
                            and rolcanlogin and rolcreaterole and not (rolsuper or rolcreatedb or rolreplication or rolbypassrls)""")).containsExactly("other_migrator");
        assertThat(query("""
                        select granted.rolname::text from pg_auth_members m
                        join pg_roles granted on granted.oid = m.roleid join pg_roles member on member.oid = m.member
                        where member.rolname = 'other_migrator'""")).containsExactly("rds_iam");
        assertThat(query("select datname::text from pg_database where datdba = 'other_migrator'::regrole"))
                .isEmpty();
    }

    @Test
    void changes_nothing_when_the_stack_is_deleted() {
        invokePreparation("Delete", "never_made");

        assertThat(query("select rolname::text from pg_roles where rolname = 'never_made'"))
                .isEmpty();
        assertThat(address.answers())
                .extracting(answer -> answer.get("Status").textValue())
                .containsExactly("SUCCESS");
    }

    @Test
    void refuses_what_is_no_name_and_says_so_to_cloudformation() {
        assertThatThrownBy(() -> invokePreparation("Create", "x\" superuser; --"))
                .isInstanceOf(InvalidRequest.class);

        assertThat(address.answers())
                .extracting(answer -> answer.get("Status").textValue())
                .containsExactly("FAILED");
    }

    private void invokePreparation(String type, String migrator) {
        ObjectNode properties = Messages.JSON.createObjectNode().put("MigrationUser", migrator);
        Invocation.of(
                new PrepareDatabase(environment("cluster_admin")),
                request(type, properties).toString());
    }

    private ObjectNode request(String type, ObjectNode properties) {
        ObjectNode request = Messages.resource("cloudformation-create.json")
                .put("RequestType", type)
                .put("ResponseURL", address.url());
        request.set("ResourceProperties", properties);
        return request;
    }

    private static Map<String, String> environment(String user) {
        return new HashMap<>(Map.of(
                "PGHOST", "127.0.0.1",
                "PGPORT", Integer.toString(server.port()),
                "PGDATABASE", "orders",
                "PGUSER", user,
                "PGPASSWORD", "not asked for",
                "PGSSLMODE", "disable"));
    }

    private static Stream<String> members(String role) {
        return query("select member.rolname::text from pg_auth_members m join pg_roles member on member.oid = m.member"
                        + " where m.roleid = '" + role + "'::regrole")
                .stream();
    }

    private static List<String> query(String sql) {
        return DSL.using(server.superuser("orders"), SQLDialect.POSTGRES)
                .fetch(sql)
                .getValues(0, String.class);
    }

    private static void execute(String database, String sql) throws SQLException {
        try (Connection connection = server.superuser(database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
