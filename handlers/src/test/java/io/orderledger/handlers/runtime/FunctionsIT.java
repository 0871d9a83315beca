package io.orderledger.handlers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.embedded.EmbeddedServer;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.announce.BusServer;
import io.orderledger.handlers.heads.BucketServer;
import io.orderledger.handlers.heads.KeyServer;
import io.orderledger.handlers.migrate.AnswerAddress;
import io.orderledger.handlers.replay.QueueServer;
import io.orderledger.handlers.runtime.RuntimeApi.Said;
import io.orderledger.ledger.RecordedEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Every function under Lambda's own runtime, with events in AWS's documented form (resources/aws), on a real database. */
@EnabledOnOs(OS.LINUX)
class FunctionsIT {
    private static final String SCHEDULED =
            Messages.resource("scheduler-event.json").toString();

    @TempDir
    private static Path folder;

    private static Path task;
    private static FunctionDatabase database;

    @BeforeAll
    static void start() {
        task = FunctionProcess.unpack(folder);
        database = new FunctionDatabase();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void create_order_appends_and_answers_nothing() {
        UUID orderId = UUID.randomUUID();
        try (FunctionProcess function =
                FunctionProcess.start(task, "createorder.CreateOrder", database.environment("ledger_recorder"))) {
            String first = function.answer(placement(orderId));
            String again = function.answer(placement(orderId));

            assertThat(List.of(first, again)).containsOnly("");
            assertThat(function.log()).contains("\"message\":\"Appended\"", "\"message\":\"Duplicate\"");
        }
        assertThat(database.history(orderId)).hasSize(1);
        assertThat(database.listed(orderId)).isPresent();
    }

    @Test
    void record_progress_appends_what_is_reported() {
        UUID orderId = UUID.randomUUID();
        try (FunctionProcess function =
                FunctionProcess.start(task, "recordprogress.RecordProgress", database.environment("ledger_recorder"))) {
            String report = Messages.report("OrderPrepared", UUID.randomUUID(), orderId, Instant.now())
                    .toString();

            assertThat(function.answer(report)).isEmpty();
        }
        assertThat(database.history(orderId)).extracting(RecordedEvent::type).containsExactly("OrderPrepared");
    }

    @Test
    void announce_events_puts_what_was_recorded_on_the_bus() {
        try (FunctionProcess create =
                FunctionProcess.start(task, "createorder.CreateOrder", database.environment("ledger_recorder"))) {
            create.answer(placement(UUID.randomUUID()));
        }
        try (BusServer bus = new BusServer()) {
            Map<String, String> environment = database.environment("ledger_publisher");
            environment.put("AWS_ENDPOINT_URL_EVENTBRIDGE", bus.endpoint());
            environment.put("ORDER_BUS_NAME", "orders");
            environment.put("METRICS_NAMESPACE", "Test");
            try (FunctionProcess function = FunctionProcess.start(task, "announce.AnnounceEvents", environment)) {
                ObjectNode answer = Messages.json(function.answer(SCHEDULED));

                assertThat(answer.get("complete").booleanValue()).isTrue();
                assertThat(bus.taken())
                        .isNotEmpty()
                        .hasSize(answer.get("announced").intValue());
            }
        }
    }

    @Test
    void create_order_fails_by_name_while_the_database_is_away() {
        Map<String, String> environment = database.environment("ledger_recorder");
        environment.put("PGPORT", "1");
        try (FunctionProcess function = FunctionProcess.start(task, "createorder.CreateOrder", environment)) {
            Said said = function.invoke(placement(UUID.randomUUID()));

            assertThat(said.what()).isEqualTo(Said.What.ERROR);
            assertThat(Messages.json(said.body()).get("errorType").textValue())
                    .isEqualTo("io.orderledger.ledger.LedgerUnavailable");
        }
    }

    @Test
    void cancel_order_answers_what_became_of_it() {
        UUID eventId = UUID.randomUUID();
        UUID orderId = UUID.randomUUID();
        String cancellation =
                Messages.cancellation(eventId, orderId, "{\"reason\":\"late\"}").toString();
        try (FunctionProcess function =
                FunctionProcess.start(task, "cancelorder.CancelOrder", database.environment("ledger_recorder"))) {
            assertThat(function.answer(cancellation))
                    .isEqualTo("{\"eventId\":\"" + eventId + "\",\"orderId\":\"" + orderId
                            + "\",\"outcome\":\"APPENDED\"}");
            assertThat(Messages.json(function.answer(cancellation))
                            .get("outcome")
                            .textValue())
                    .isEqualTo("DUPLICATE");

            Said refused = function.invoke("{}");
            assertThat(refused.what()).isEqualTo(Said.What.ERROR);
            assertThat(Messages.json(refused.body()).get("errorType").textValue())
                    .isEqualTo("io.orderledger.handlers.InvalidRequest");
        }
    }

    @Test
    void list_orders_answers_the_proxy_integration() {
        UUID orderId = UUID.randomUUID();
        try (FunctionProcess function =
                FunctionProcess.start(task, "createorder.CreateOrder", database.environment("ledger_recorder"))) {
            function.answer(placement(orderId));
        }
        try (FunctionProcess function =
                FunctionProcess.start(task, "listorders.ListOrders", database.environment("ledger_reader"))) {
            ObjectNode list = Messages.json(function.answer(
                    Messages.resource("api-gateway-proxy-request.json").toString()));
            ObjectNode order = Messages.json(function.answer(about("/orders/{orderId}", orderId)));
            ObjectNode history = Messages.json(function.answer(about("/orders/{orderId}/history", orderId)));
            ObjectNode unknown = Messages.json(function.answer(about("/orders/{orderId}", UUID.randomUUID())));

            assertThat(List.of(list, order, history, unknown))
                    .extracting(answer -> answer.get("statusCode").intValue())
                    .containsExactly(200, 200, 200, 404);
            assertThat(List.of(list, order, history))
                    .allSatisfy(
                            answer -> assertThat(answer.get("body").textValue()).contains(orderId.toString()));
        }
    }

    @Test
    void replay_and_watch_work_on_the_queues() {
        UUID fromRule = UUID.randomUUID();
        UUID fromFunction = UUID.randomUUID();
        try (QueueServer queues = new QueueServer()) {
            Map<String, String> environment = database.environment("ledger_replayer");
            environment.put("METRICS_NAMESPACE", "Test");
            environment.put("AWS_ENDPOINT_URL_SQS", queues.endpoint());
            String rule = queues.create("rule");
            String function = queues.create("function");
            environment.put("RULE_DEAD_LETTER_QUEUE_URL", rule);
            environment.put("FUNCTION_DEAD_LETTER_QUEUE_URL", function);
            environment.put("WORKFLOW_DEAD_LETTER_QUEUE_URL", queues.create("workflow"));
            queues.send(rule, placement(fromRule));
            ObjectNode failed = Messages.resource("lambda-on-failure-record.json");
            failed.set("requestPayload", Messages.placement(fromFunction, Messages.order()));
            queues.send(function, failed.toString());

            try (FunctionProcess watch = FunctionProcess.start(task, "replay.WatchDeadLetters", environment);
                    FunctionProcess byItself = FunctionProcess.start(task, "replay.ReplayByItself", environment);
                    FunctionProcess replay = FunctionProcess.start(task, "replay.ReplayDeadLetters", environment)) {
                assertThat(watch.answer(SCHEDULED)).isEqualTo("{\"rule\":1,\"function\":1,\"workflow\":0}");
                // What failed because of the database is tried again without being asked.
                ObjectNode passing = Messages.json(byItself.answer(SCHEDULED));
                assertThat(passing.get("appended").intValue()).isEqualTo(1);
                ObjectNode answer = Messages.json(replay.answer("{}"));
                assertThat(answer.get("appended").intValue()).isEqualTo(1);
                assertThat(answer.get("remaining").booleanValue()).isFalse();
                assertThat(watch.answer(SCHEDULED)).isEqualTo("{\"rule\":0,\"function\":0,\"workflow\":0}");
                assertThat(watch.log()).contains("\"Namespace\":\"Test\"");
            }
        }
        assertThat(database.listed(fromRule)).isPresent();
        assertThat(database.listed(fromFunction)).isPresent();
    }

    @Test
    void parked_messages_lists_what_was_refused() {
        String refused = Messages.placement(UUID.randomUUID(), Messages.order().put("currency", "none"))
                .toString();
        try (FunctionProcess create = FunctionProcess.start(
                        task, "createorder.CreateOrder", database.environment("ledger_recorder"));
                FunctionProcess parked =
                        FunctionProcess.start(task, "parked.ManageParked", database.environment("ledger_replayer"))) {
            create.answer(refused);

            assertThat(Messages.json(parked.answer("{\"verb\":\"list\"}")).toString())
                    .contains("currency");
            assertThat(parked.invoke("{\"verb\":\"burn\"}").what()).isEqualTo(Said.What.ERROR);
        }
    }

    @Test
    void the_scheduled_functions_answer_what_they_found() {
        Map<String, String> environment = database.environment("ledger_keeper");
        environment.put("METRICS_NAMESPACE", "Test");
        try (FunctionProcess keepUp = FunctionProcess.start(task, "upkeep.KeepUp", environment);
                FunctionProcess check = FunctionProcess.start(
                        task, "checkprojections.CheckProjections", database.environment("ledger_projector"))) {
            assertThat(keepUp.answer(SCHEDULED)).isEqualTo("{\"complete\":true}");
            assertThat(keepUp.log()).contains("\"SealLagSeconds\"");

            JsonNode projections = Messages.json(check.answer(SCHEDULED)).get("projections");
            assertThat(projections)
                    .isNotEmpty()
                    .allSatisfy(projection -> assertThat(
                                    projection.get("differences").longValue())
                            .isZero());
        }
    }

    @Test
    void export_heads_signs_and_keeps_a_head() {
        try (FunctionProcess create =
                FunctionProcess.start(task, "createorder.CreateOrder", database.environment("ledger_recorder"))) {
            create.answer(placement(UUID.randomUUID()));
        }
        try (BucketServer bucket = new BucketServer();
                KeyServer key = new KeyServer()) {
            Map<String, String> environment = database.environment("ledger_reader");
            environment.put("AWS_ENDPOINT_URL_S3", bucket.endpoint());
            environment.put("AWS_ENDPOINT_URL_KMS", key.endpoint());
            environment.put("HEAD_BUCKET", bucket.bucket());
            environment.put("HEAD_PREFIX", "heads/");
            environment.put("HEAD_KEY_ID", key.keyId());
            try (FunctionProcess function = FunctionProcess.start(task, "heads.ExportHeads", environment)) {
                ObjectNode first = Messages.json(function.answer(SCHEDULED));

                assertThat(first.get("exported").booleanValue()).isTrue();
                assertThat(first.get("root").textValue()).hasSize(64);
            }
        }
    }

    @Test
    void migrate_answers_cloudformation() throws IOException {
        try (AnswerAddress address = new AnswerAddress();
                FunctionProcess function =
                        FunctionProcess.start(task, "migrate.Migrate", database.environment("migrator"))) {
            function.answer(Messages.resource("cloudformation-create.json")
                    .put("ResponseURL", address.url())
                    .toString());

            assertThat(address.answers())
                    .singleElement()
                    .satisfies(answer ->
                            assertThat(answer.get("Status").textValue()).isEqualTo("SUCCESS"));
        }
    }

    @Test
    void prepare_database_makes_the_migrating_user() throws IOException, SQLException {
        try (EmbeddedServer server = EmbeddedServer.temporary();
                AnswerAddress address = new AnswerAddress()) {
            execute(server, "create role rds_iam nologin");
            execute(server, "create role cluster_admin login createrole createdb");
            execute(server, "grant rds_iam to cluster_admin with admin option");
            execute(server, "create database orders owner cluster_admin");
            Map<String, String> environment = database.environment("cluster_admin");
            environment.put("PGHOST", "127.0.0.1");
            environment.put("PGPORT", Integer.toString(server.port()));
            environment.put("PGDATABASE", "orders");
            ObjectNode request = Messages.resource("cloudformation-create.json").put("ResponseURL", address.url());
            request.withObject("/ResourceProperties").put("MigrationUser", "migrator");
            try (FunctionProcess function = FunctionProcess.start(task, "migrate.PrepareDatabase", environment)) {
                function.answer(request.toString());
            }

            assertThat(address.answers())
                    .singleElement()
                    .satisfies(answer ->
                            assertThat(answer.get("Status").textValue()).isEqualTo("SUCCESS"));
            execute(server, "alter role migrator nologin");
        }
    }

    private static void execute(EmbeddedServer server, String sql) throws SQLException {
        try (Connection connection = server.superuser("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String placement(UUID eventId) {
        return Messages.placement(eventId, Messages.order()).toString();
    }

    private static String about(String resource, UUID orderId) {
        ObjectNode request = Messages.resource("api-gateway-proxy-request.json")
                .put("resource", resource)
                .put("path", resource.replace("{orderId}", orderId.toString()));
        request.putObject("pathParameters").put("orderId", orderId.toString());
        return request.toString();
    }
}
