package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.orderledger.local.cli.OrderLedger;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole local run in a process of its own, killed as the operating system kills. */
class CrashIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);
    private static final int ORDERS = 20;

    @TempDir
    private Path data;

    @Test
    void loses_nothing_when_it_is_killed_between_the_answer_and_the_append() throws Exception {
        List<UUID> accepted = new ArrayList<>();
        try (Up first = Up.start(data)) {
            // With the database away no event can be appended, so every one is caught between its 200 and its row.
            new Control(Instance.on(data)).stopDatabase();
            for (int number = 0; number < ORDERS; number++) {
                UUID key = UUID.randomUUID();
                ApiClient.Answer answer = first.api().send("POST", "/orders", key, json(order("crash")));
                assertThat(answer.status()).isEqualTo(200);
                accepted.add(key);
            }
            first.kill();
        }

        try (Up second = Up.start(data)) {
            await().atMost(SETTLED_WITHIN)
                    .untilAsserted(() -> assertThat(accepted)
                            .allSatisfy(key -> assertThat(
                                            second.api().get("/orders/" + key).status())
                                    .isEqualTo(200)));
            assertThat(accepted)
                    .allSatisfy(key -> assertThat(second.api()
                                    .get("/orders/" + key + "/history")
                                    .body()
                                    .path("events"))
                            .hasSize(1));
            // And nothing that was recorded is left unannounced; a crash may only make duplicates.
            await().atMost(SETTLED_WITHIN)
                    .untilAsserted(() -> assertThat(AnnouncedEvents.fileIn(data))
                            .exists()
                            .content()
                            .contains(accepted.stream().map(UUID::toString).toList()));
        }
    }

    @Test
    void starts_again_after_a_kill_that_leaves_its_database_running_and_keeps_what_was_recorded() throws Exception {
        UUID key = UUID.randomUUID();
        try (Up first = Up.start(data)) {
            first.api().send("POST", "/orders", key, json(order("orphan")));
            await().atMost(SETTLED_WITHIN)
                    .until(() -> first.api().get("/orders/" + key).isOk());
            first.kill();
        }

        try (Up second = Up.start(data)) {
            assertThat(second.api().get("/orders/" + key).isOk()).isTrue();
            assertThat(second.api()
                            .send(
                                    "PUT",
                                    "/orders/" + key + "/cancellation",
                                    UUID.randomUUID(),
                                    JsonNodeFactory.instance.objectNode())
                            .body()
                            .path("state")
                            .asText())
                    .isEqualTo("RECORDED");
        }
    }

    /** The command {@code up} as a process. */
    private static final class Up implements AutoCloseable {
        private final Process process;
        private final ApiClient api;

        private Up(Process process, ApiClient api) {
            this.process = process;
            this.api = api;
        }

        static Up start(Path data) throws IOException {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-XX:TieredStopAtLevel=1",
                            "-Dorderledger.root="
                                    + Path.of("..").toAbsolutePath().normalize(),
                            "-classpath",
                            classpath(),
                            OrderLedger.class.getName(),
                            "up",
                            "--port",
                            "0",
                            "--data",
                            data.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String line = output.readLine();
            while (line != null && !line.startsWith("ready ")) {
                line = output.readLine();
            }
            assertThat(line).as("the line that says it is ready").isNotNull();
            Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
            return new Up(process, new ApiClient(Instance.on(data).api()));
        }

        /** The one of the launcher script: what only the tests bring is missing to users as well. */
        private static String classpath() throws IOException {
            Path dependencies = Path.of("target", "dependencies");
            assertThat(dependencies).as("written by mvn package").exists();
            return Path.of("target", "classes") + File.pathSeparator + Files.readString(dependencies);
        }

        ApiClient api() {
            return api;
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() {
            api.close();
            process.destroy();
            process.onExit().join();
        }
    }
}
