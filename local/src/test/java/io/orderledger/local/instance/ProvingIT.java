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
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An auditor's commands on a running instance, from an order that came in over the API. */
class ProvingIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static TestInstance instance;
    private static String eventId;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        instance = TestInstance.start();
        eventId = json(instance.post(order("prove"))).path("eventId").asText();
        await().atMost(TIMEOUT)
                .until(() ->
                        CommandLineCalls.run("prove", eventId, "--data", data()).exitCode() == 0);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void verifies_the_ledger_against_the_exported_heads() throws Exception {
        Result result = CommandLineCalls.run("verify", "--data", data());

        assertThat(result.err()).contains("events and blocks");
        assertThat(result.out()).contains("Everything fits").contains("Exported tree heads compared: ");
        assertThat(result.exitCode()).isZero();
        Path newest = heads().getLast();
        Result since = CommandLineCalls.run("verify", "--data", data(), "--since", newest.toString());
        assertThat(since.exitCode()).isZero();
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(Path.of(data()).resolve("head-key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void verifies_any_ledger_by_its_url() {
        String url = instance.run().database().url("ledger_auditor");

        Result alone = CommandLineCalls.run("verify", "--database", url);
        assertThat(alone.out()).contains("No exported tree heads were compared");
        assertThat(alone.exitCode()).isZero();

        Result withHeads = CommandLineCalls.run(
                "verify", "--database", url, "--heads", data() + "/heads", "--key", data() + "/head-key.pub");
        assertThat(withHeads.exitCode()).isZero();

        Result withoutKey = CommandLineCalls.run("verify", "--database", url, "--heads", data() + "/heads");
        assertThat(withoutKey.exitCode()).isEqualTo(2);
        assertThat(withoutKey.err()).hasLineCount(1).contains("--key");
    }

    @Test
    void names_the_place_of_a_change_and_exits_with_1() throws Exception {
        try (TestInstance other = TestInstance.start()) {
            other.post(order("change"));
            String data = other.data().toString();
            await().atMost(TIMEOUT)
                    .until(() ->
                            other.query("select count(*) from ledger.block").equals(List.of("1")));
            asSuperuser(
                    other,
                    "alter table ledger.event disable trigger all",
                    "update ledger.event set metadata = metadata || '{\"path\":\"elsewhere\"}'");

            Result result = CommandLineCalls.run("verify", "--data", data);

            assertThat(result.out()).contains("WRONG EVENT, position ").contains("block 1");
            assertThat(result.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void a_proof_is_checked_without_an_instance_and_a_changed_one_is_refused() throws Exception {
        Path proof = folder.resolve("proof.json");
        Files.writeString(
                proof, CommandLineCalls.run("prove", eventId, "--data", data()).out());
        String key = Files.readString(Path.of(data()).resolve("head-key.pub"));

        Result checked = CommandLineCalls.run("check", proof.toString(), "--key", key);

        assertThat(checked.out()).contains("Proven").contains(eventId);
        assertThat(checked.exitCode()).isZero();
        Files.writeString(proof, Files.readString(proof).replace("margherita", "marinara"));
        Result changed = CommandLineCalls.run("check", proof.toString(), "--key", key);
        assertThat(changed.out()).startsWith("NOT PROVEN");
        assertThat(changed.exitCode()).isEqualTo(1);
    }

    @Test
    void says_in_one_line_what_it_cannot_do() {
        Result unknown = CommandLineCalls.run("prove", "00000000-0000-0000-0000-000000000001", "--data", data());
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).hasLineCount(1).contains("is not in the ledger");

        Result nowhere = CommandLineCalls.run("verify", "--data", folder.toString(), "--key", "x+y+z");
        assertThat(nowhere.exitCode()).isEqualTo(2);

        Result noFile = CommandLineCalls.run("check", folder.resolve("none").toString(), "--key", "x");
        assertThat(noFile.exitCode()).isEqualTo(2);
        assertThat(noFile.err()).hasLineCount(1);
    }

    private static List<Path> heads() throws Exception {
        try (Stream<Path> files = Files.list(Path.of(data()).resolve("heads"))) {
            return files.sorted().toList();
        }
    }

    private static void asSuperuser(TestInstance instance, String... statements) throws SQLException {
        String url = instance.run().database().url("postgres");
        String credentials = url.substring("postgresql://".length(), url.indexOf('@'));
        try (var connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + url.substring(url.indexOf('@') + 1),
                        credentials.split(":", 2)[0],
                        credentials.split(":", 2)[1]);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String data() {
        return instance.data().toString();
    }
}
