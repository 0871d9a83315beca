package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.cli.CommandLineCalls.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, as a user runs them against a running instance, or against none. */
class CommandLineIT {
    private static TestInstance instance;

    @BeforeAll
    static void start() {
        instance = TestInstance.start();
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void says_in_one_line_that_nothing_is_running(@TempDir Path elsewhere) {
        for (String[] command : new String[][] {
            {"replay"},
            {"order", UUID.randomUUID().toString()},
            {"orders"},
            {"tail"},
            {"status"},
            {"psql", "--print"},
            {"database", "stop"}
        }) {
            String[] arguments = java.util.Arrays.copyOf(command, command.length + 2);
            arguments[command.length] = "--data";
            arguments[command.length + 1] = elsewhere.toString();

            Result result = CommandLineCalls.run(arguments);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).hasLineCount(1).contains("nothing is running on " + elsewhere);
        }
    }

    @Test
    void refuses_a_second_instance_on_the_same_folder_in_one_line() {
        Result result = CommandLineCalls.run("up", "--port", "0", "--data", data());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).hasLineCount(1).contains("another 'order-ledger up' is running");
    }

    @Test
    void refuses_a_port_in_use_in_one_line(@TempDir Path elsewhere) {
        String port = Integer.toString(instance.run().instance().api().getPort());

        Result result = CommandLineCalls.run("up", "--port", port, "--data", elsewhere.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).hasLineCount(1).contains("port " + port + " is in use");
    }

    @Test
    void names_the_line_of_a_definition_that_cannot_be_run(@TempDir Path folder) throws Exception {
        Path sam = Sam.copyTo(folder.resolve("sam"));
        Path template = sam.resolve("template.yaml");
        Files.writeString(
                template,
                Files.readString(template)
                        .replaceFirst(
                                "(?m)^  OrderBus:$", "  Camera:\n    Type: AWS::Panorama::Package\n\n  OrderBus:"));

        Result result = CommandLineCalls.run(
                "up", "--port", "0", "--data", folder.resolve("data").toString(), "--sam", sam.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).hasLineCount(1).containsPattern("template.yaml:\\d+: .*AWS::Panorama::Package");
    }

    @Test
    void connects_as_a_role_that_can_only_read() throws Exception {
        Result result = CommandLineCalls.run("psql", "--print", "--data", data());

        assertThat(result.exitCode()).isZero();
        String url = result.out().strip();
        assertThat(url).startsWith("postgresql://ledger_reader:");
        String credentials = url.substring("postgresql://".length(), url.indexOf('@'));
        try (var connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + url.substring(url.indexOf('@') + 1),
                        credentials.split(":", 2)[0],
                        credentials.split(":", 2)[1]);
                var statement = connection.createStatement()) {
            assertThat(statement.execute("select count(*) from ledger.event")).isTrue();
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> statement.execute("delete from ledger.event"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void names_the_roles_when_asked_for_an_unknown_one() {
        Result result = CommandLineCalls.run("psql", "--print", "--role", "postgres", "--data", data());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("ledger_auditor");
    }

    @Test
    void prints_the_timeline_of_an_order() {
        String id = json(instance.post(order("timeline"))).path("orderId").asText();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> instance.get("/orders/" + id).statusCode() == 200);

        Result result = CommandLineCalls.run("order", id, "--data", data());

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains(id, "OrderPlaced");
        assertThat(CommandLineCalls.run("order", UUID.randomUUID().toString(), "--data", data())
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void keeps_secrets_in_files_that_only_the_owner_can_read() throws Exception {
        for (String file : new String[] {"credentials.json", "instance.json"}) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(instance.data().resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    private static String data() {
        return instance.data().toString();
    }
}
