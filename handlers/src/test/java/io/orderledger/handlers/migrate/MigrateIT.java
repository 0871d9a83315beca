package io.orderledger.handlers.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.migrations.Migrations;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class MigrateIT {
    private static final Duration PLENTY = Duration.ofMinutes(2);

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private static FunctionDatabase server;

    /** For the tests that need a database without a schema; it is there once they have made it. */
    private final String name = "empty_" + COUNTER.incrementAndGet();

    private AnswerAddress address;

    @BeforeAll
    static void start() {
        server = new FunctionDatabase();
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
        server.execute("drop database if exists " + name + " with (force)");
    }

    @Test
    void migrates_when_the_stack_is_created_and_says_to_which_schema() throws SQLException {
        createEmptyDatabase();
        invoke(request("Create"));

        ObjectNode expected = Messages.json("""
                {"Status":"SUCCESS","PhysicalResourceId":"order-ledger-schema",
                 "StackId":"arn:aws:cloudformation:eu-west-1:111122223333:stack/order-ledger/51af3dc0-da77-11e4-872e-1234567db123",
                 "RequestId":"5f2f6d4c-8d1b-4f5e-9c55-0a3c8f7a1b11","LogicalResourceId":"DatabaseMigration"}""");
        expected.putObject("Data")
                .put("schemaVersion", Migrations.migrate(migrator()).to());
        assertThat(address.answers()).containsExactly(expected);
        try (Connection connection = migrator().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.execute("select from ledger.event")).isTrue();
        }
    }

    @Test
    void does_nothing_to_a_current_schema_and_keeps_the_physical_id() {
        createEmptyDatabase();
        invoke(request("Create"));
        invoke(request("Update").put("PhysicalResourceId", "order-ledger-schema"));

        assertThat(address.answers())
                .hasSize(2)
                .allSatisfy(answer ->
                        assertThat(answer.get("PhysicalResourceId").textValue()).isEqualTo("order-ledger-schema"));
        assertThat(address.answers().getLast().get("Data"))
                .isEqualTo(address.answers().getFirst().get("Data"));
    }

    @Test
    void changes_nothing_when_the_stack_is_deleted() throws SQLException {
        createEmptyDatabase();
        invoke(request("Delete").put("PhysicalResourceId", "whatever it was"));

        assertThat(address.answers()).singleElement().satisfies(answer -> {
            assertThat(answer.get("Status").textValue()).isEqualTo("SUCCESS");
            assertThat(answer.get("PhysicalResourceId").textValue()).isEqualTo("whatever it was");
        });
        try (Connection connection = migrator().getConnection();
                Statement statement = connection.createStatement();
                var schemas = statement.executeQuery("select from pg_namespace where nspname = 'ledger'")) {
            assertThat(schemas.next()).isFalse();
        }
    }

    @Test
    void succeeds_at_deletion_with_the_database_gone() throws IOException {
        Map<String, String> environment = environment();
        environment.put("PGPORT", Integer.toString(closedPort()));

        Invocation.of(new Migrate(environment), request("Delete").toString());

        assertThat(address.answers())
                .extracting(answer -> answer.get("Status").textValue())
                .containsExactly("SUCCESS");
    }

    @Test
    void answers_and_throws_when_a_migration_fails() throws SQLException {
        createEmptyDatabase();
        try (Connection connection = migrator().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create schema ledger");
        }

        assertThatThrownBy(() -> invoke(request("Create"))).isInstanceOf(Migrations.MigrationFailed.class);

        assertThat(address.answers()).singleElement().satisfies(answer -> {
            assertThat(answer.get("Status").textValue()).isEqualTo("FAILED");
            assertThat(answer.get("Reason").textValue())
                    .startsWith("MigrationFailed: ")
                    .hasSizeLessThanOrEqualTo(1_000)
                    .doesNotContain("not asked for", "X-Amz-Signature");
        });
    }

    @Test
    void answers_and_throws_when_the_database_is_away() throws IOException {
        Map<String, String> environment = environment();
        environment.put("PGPORT", Integer.toString(closedPort()));

        assertThatThrownBy(() -> Invocation.of(
                        new Migrate(environment), request("Create").toString()))
                .isInstanceOf(Migrations.MigrationFailed.class);

        assertThat(address.answers())
                .extracting(answer -> answer.get("Status").textValue())
                .containsExactly("FAILED");
    }

    @Test
    void answers_and_throws_when_the_environment_is_wrong() {
        Map<String, String> environment = environment();
        environment.remove("PGHOST");

        assertThatThrownBy(() -> Invocation.of(
                        new Migrate(environment), request("Create").toString()))
                .hasMessageContaining("PGHOST");

        assertThat(address.answers())
                .singleElement()
                .satisfies(
                        answer -> assertThat(answer.get("Reason").textValue()).contains("PGHOST"));
    }

    @Test
    void answers_a_request_that_is_none_as_long_as_it_says_where() {
        assertThatThrownBy(() -> invoke(Messages.JSON.createObjectNode().put("ResponseURL", address.url())))
                .isInstanceOf(InvalidRequest.class);

        assertThat(address.answers()).singleElement().satisfies(answer -> {
            assertThat(answer.get("Status").textValue()).isEqualTo("FAILED");
            assertThat(answer.get("Reason").textValue()).contains("RequestType must be Create, Update or Delete");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[1]",
                "{\"RequestType\":\"Create\",\"ResponseURL\":7}",
                "{\"RequestType\":\"Create\",\"ResponseURL\":\"http://example.com/?X-Amz-Signature=secret\"}",
                "{\"RequestType\":\"Create\",\"ResponseURL\":\"file:///etc/passwd\"}",
            })
    void throws_when_there_is_no_address_to_answer_to(String request) {
        Migrate migrate = new Migrate(environment());

        assertThatThrownBy(() -> Invocation.of(migrate, request))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void answers_again_when_the_address_fails_at_first() {
        address.failNext(2);

        invoke(request("Delete"));

        assertThat(address.attempts()).isEqualTo(3);
        assertThat(address.answers()).hasSize(1);
    }

    @Test
    void throws_when_the_answer_is_not_taken_at_all() {
        address.failNext(Integer.MAX_VALUE);

        assertThatThrownBy(() -> invoke(request("Delete")))
                .isInstanceOf(Reply.ReplyFailed.class)
                .hasMessageNotContaining("Signature");

        assertThat(address.attempts()).isEqualTo(3);
    }

    @Test
    void sends_no_content_type_since_the_address_is_signed_without() {
        invoke(request("Delete"));

        assertThat(address.contentTypes()).isEmpty();
    }

    @Test
    void answers_before_lambda_ends_a_migration_that_takes_too_long() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // The connection is made and nothing is ever answered, as by a server that waits for a lock.
            Map<String, String> environment = environment();
            environment.put("PGPORT", Integer.toString(silent.getLocalPort()));
            byte[] request = request("Create").toString().getBytes(StandardCharsets.UTF_8);
            Thread lambda = Thread.ofPlatform().daemon().start(() -> {
                try {
                    Invocation.of(new Migrate(environment), request, Duration.ofSeconds(21));
                } catch (RuntimeException e) {
                    // Thrown once the silent server has gone.
                }
            });

            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(address.answers())
                            .singleElement()
                            .satisfies(answer -> assertThat(answer.get("Reason").textValue())
                                    .isEqualTo("It takes longer than the function may run")));
            assertThat(lambda.isAlive()).isTrue();
        }
    }

    private ObjectNode request(String type) {
        return Messages.resource("cloudformation-create.json")
                .put("RequestType", type)
                .put("ResponseURL", address.url());
    }

    private void invoke(ObjectNode request) {
        Invocation.of(new Migrate(environment()), request.toString().getBytes(StandardCharsets.UTF_8), PLENTY);
    }

    private void createEmptyDatabase() {
        server.execute("create database " + name + " owner migrator");
    }

    private Map<String, String> environment() {
        Map<String, String> environment = server.environment("migrator");
        environment.put("PGDATABASE", name);
        return environment;
    }

    private DataSource migrator() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {server.server().host()});
        source.setPortNumbers(new int[] {server.server().port()});
        source.setDatabaseName(name);
        source.setUser("migrator");
        return source;
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
