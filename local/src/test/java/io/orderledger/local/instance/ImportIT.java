package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.cli.CommandLineCalls.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders of an older system are imported into a running instance by the command. */
class ImportIT {
    private static final String SECRET = "Ünal O'Brien";

    private static TestInstance instance;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        instance = TestInstance.start();
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void imports_a_file_and_finds_everything_again_when_it_is_repeated() throws Exception {
        List<UUID> orders = Stream.generate(UUID::randomUUID).limit(120).toList();
        List<String> lines = new ArrayList<>();
        orders.forEach(order -> lines.add(placed(UUID.randomUUID(), order)));
        lines.add("");
        orders.forEach(order -> lines.add(cancelled(UUID.randomUUID(), order)));

        Result first = run(lines, "--batch", "50");

        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo("appended 240\nduplicate 0\nrefused 0\n");
        assertThat(first.err()).contains("240 events in ");
        for (UUID order : List.of(orders.getFirst(), orders.getLast())) {
            assertThat(json(instance.get("/orders/" + order)).path("status").asText())
                    .isEqualTo("CANCELLED");
            JsonNode events =
                    json(instance.get("/orders/" + order + "/history")).path("events");
            assertThat(events).hasSize(2).allMatch(event -> event.path("block").isNumber());
            assertThat(events.toString()).contains(SECRET);
        }
        assertThat(run(lines).out()).isEqualTo("appended 0\nduplicate 240\nrefused 0\n");
        Result verified = CommandLineCalls.run("verify", "--data", data());
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
    }

    @Test
    void ends_at_a_refused_line_and_goes_on_from_there_once_it_is_corrected() throws Exception {
        List<String> lines = new ArrayList<>(Stream.generate(() -> placed(UUID.randomUUID(), UUID.randomUUID()))
                .limit(10)
                .toList());
        String correct = lines.get(7);
        lines.set(7, correct.replace("\"schemaVersion\":1", "\"schemaVersion\":\"1\""));

        Result ended = run(lines, "--batch", "3");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err())
                .contains("line 8: schemaVersion must be an integer")
                .doesNotContain(SECRET);
        assertThat(ended.out()).contains("appended 6\n", "refused 1\n", "what follows line 6 is not recorded");

        lines.set(7, correct);
        assertThat(run(lines, "--batch", "3").out()).isEqualTo("appended 4\nduplicate 6\nrefused 0\n");
    }

    @Test
    void names_the_line_of_an_event_whose_id_is_recorded_with_other_content() throws Exception {
        UUID known = UUID.randomUUID();
        UUID order = UUID.randomUUID();
        List<String> lines = List.of(
                placed(known, order),
                cancelled(UUID.randomUUID(), order),
                cancelled(known, order),
                "no JSON " + SECRET,
                placed(UUID.randomUUID(), UUID.randomUUID()));

        Result ended = run(lines);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err()).contains("line 4: the line must be JSON").doesNotContain(SECRET);
        assertThat(ended.out()).contains("appended 0\n");

        Result skipped = run(lines, "--skip-refused");

        assertThat(skipped.exitCode()).isEqualTo(1);
        assertThat(skipped.err())
                .contains("line 3: Event " + known, "line 4: the line must be JSON")
                .doesNotContain(SECRET);
        assertThat(skipped.out()).startsWith("appended 3\nduplicate 0\nrefused 2\nnext: ./order-ledger import ");

        Result conflict = run(lines.subList(0, 3));

        assertThat(conflict.exitCode()).isEqualTo(1);
        assertThat(conflict.err()).contains("line 3: Event " + known);
        assertThat(conflict.out())
                .contains("appended 0\nduplicate 0\nrefused 1\n", "what follows line 0 is not recorded");
    }

    @Test
    void says_clearly_what_it_cannot_run_with() throws Exception {
        Path file = Files.writeString(folder.resolve("empty"), "");

        assertThat(List.of(
                        CommandLineCalls.run("import", folder.resolve("missing").toString(), "--data", data()),
                        CommandLineCalls.run("import", folder.toString(), "--data", data()),
                        CommandLineCalls.run("import", file.toString(), "--data", data(), "--batch", "0"),
                        CommandLineCalls.run("import", file.toString(), "--data", data(), "--batch", "1001"),
                        CommandLineCalls.run("import", file.toString(), "--data", folder.toString())))
                .allMatch(result -> result.exitCode() == 2 && result.err().startsWith("order-ledger: "));
        assertThat(run(List.of()).out()).isEqualTo("appended 0\nduplicate 0\nrefused 0\n");
    }

    private Result run(List<String> lines, String... options) throws IOException {
        Path file = Files.write(folder.resolve("events.ndjson"), lines);
        return CommandLineCalls.run(
                Stream.concat(Stream.of("import", file.toString(), "--data", data()), Stream.of(options))
                        .toArray(String[]::new));
    }

    private static String placed(UUID eventId, UUID orderId) {
        return """
                {"eventId":"%s","orderId":"%s","type":"OrderPlaced","schemaVersion":1,"occurredAt":"2024-02-29T12:00:00Z",\
                "payload":{"customer":{"id":"lee"},"currency":"GBP","items":[{"sku":"m","quantity":2,"unitPrice":950}]},\
                "personalData":{"customer":{"name":"%s"}}}""".formatted(eventId, orderId, SECRET);
    }

    private static String cancelled(UUID eventId, UUID orderId) {
        return """
                {"eventId":"%s","orderId":"%s","type":"OrderCancelled","schemaVersion":1,"occurredAt":"2024-03-01T12:00:00Z",\
                "payload":{}}""".formatted(eventId, orderId);
    }

    private static String data() {
        return instance.data().toString();
    }
}
