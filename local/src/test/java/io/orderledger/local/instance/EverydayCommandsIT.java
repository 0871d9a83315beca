package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.cli.CommandLineCalls.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody on call looks at, on a real instance. */
class EverydayCommandsIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);
    private static final int ORDERS = 5;

    private static TestInstance instance;
    private static UUID cancelled;

    @BeforeAll
    static void start() {
        instance = TestInstance.start();
        List<UUID> orders = Stream.generate(UUID::randomUUID).limit(ORDERS).toList();
        orders.forEach(id -> assertThat(instance.post(order("everyday"), "Idempotency-Key", id.toString())
                        .statusCode())
                .isEqualTo(200));
        cancelled = orders.getFirst();
        orders.forEach(id -> await().atMost(SETTLED_WITHIN)
                .until(() -> instance.get("/orders/" + id).statusCode() == 200));
        instance.cancel(cancelled, "{\"reason\":\"secret reason\"}");
        await().atMost(SETTLED_WITHIN)
                .until(() -> json(instance.get("/orders/" + cancelled))
                        .path("status")
                        .asText()
                        .equals("CANCELLED"));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void orders_are_listed_page_by_page_by_the_command_that_a_page_ends_with() {
        Set<String> seen = new HashSet<>();
        String[] line = {"orders", "--customer", "everyday", "--limit", "2", "-o", "json", "--data", data()};
        while (true) {
            Result page = CommandLineCalls.run(line);
            assertThat(page.exitCode()).as(page.err()).isZero();
            json(page.out())
                    .at("/data/orders")
                    .forEach(each ->
                            assertThat(seen.add(each.path("orderId").asText())).isTrue());
            String next = json(page.out()).path("next").asText();
            if (next.isEmpty()) {
                break;
            }
            line = next.replaceFirst("^\\./order-ledger ", "").split(" ");
        }
        assertThat(seen).hasSize(ORDERS);
    }

    @Test
    void orders_are_selected_by_status_and_looked_at_as_of_a_block() {
        assertThat(lines("orders", "--customer", "everyday", "--status", "CANCELLED"))
                .singleElement()
                .satisfies(each -> assertThat(each.path("orderId").asText()).isEqualTo(cancelled.toString()));
        assertThat(lines("orders", "--customer", "everyday", "--since", "1h", "--status", "PLACED"))
                .hasSize(ORDERS - 1);
        assertThat(lines("orders", "--until", "1h")).isEmpty();
        assertThat(run("orders", "--as-of", "1").out()).contains("This is the past: as of block 1");
        assertThat(run("orders", "--status", "LOST").err())
                .contains("status", "must be one of PLACED")
                .contains("next: ./order-ledger orders --help");
    }

    @Test
    void an_order_is_told_with_gap_way_and_block_and_without_personal_data() {
        List<JsonNode> events = lines("order", cancelled.toString());

        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .containsExactly("OrderPlaced", "OrderCancelled");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.path("gapSeconds").asDouble()).isNotNegative();
            assertThat(event.path("late").isBoolean()).isTrue();
            assertThat(event.path("block").isNumber()).isTrue();
            assertThat(event.path("path").asText()).isNotEmpty();
        });
        Result table = run("order", cancelled.toString());
        assertThat(table.out()).contains("GAP", "OrderCancelled").doesNotContain("secret", "Lee O'Brien");
        Result nobody = run("order", UUID.randomUUID().toString());
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.out()).contains("next: ./order-ledger replay --dry-run --data " + data());
    }

    @Test
    void the_newest_events_are_those_of_the_ledger_in_the_order_of_their_blocks() {
        List<JsonNode> events = lines("tail", "--after", "0");
        List<String> all =
                events.stream().map(event -> event.path("eventId").asText()).toList();

        assertThat(all).containsExactlyInAnyOrderElementsOf(instance.query("select event_id from ledger.event"));
        assertThat(events).extracting(event -> event.path("block").asLong()).isSorted();
        assertThat(lines("tail", "-n", "2"))
                .extracting(event -> event.path("eventId").asText())
                .containsExactlyElementsOf(all.subList(all.size() - 2, all.size()));
        assertThat(lines("tail", "--type", "OrderCancelled")).hasSize(1);
        Result endless = run("tail", "--follow", "-o", "json");
        assertThat(endless.exitCode()).isEqualTo(2);
        assertThat(json(endless.out()).path("next").asText()).contains("tail --follow -o ndjson");
    }

    @Test
    void the_doctor_finds_nothing_wrong_and_nothing_running_elsewhere(@TempDir Path elsewhere) {
        Result well = run("doctor");
        assertThat(well.out())
                .contains("JDK", "disk", "API", "PostgreSQL", "clock")
                .containsPattern("versions +ok +schema \\d+, code \\d+");
        assertThat(well.exitCode()).as(well.out()).isZero();

        Result nothing = CommandLineCalls.run("doctor", "--port", "0", "--data", elsewhere.toString());
        assertThat(nothing.exitCode()).isZero();
        assertThat(nothing.out()).contains("./order-ledger up --data " + elsewhere);
    }

    @Test
    void dry_runs_change_nothing() {
        long events = Long.parseLong(
                instance.query("select count(*) from ledger.event").getFirst());

        assertThat(run("erase", "--customer", "everyday", "--dry-run").out())
                .contains("5 orders have 6 events with personal data");
        assertThat(run("rebuild", "orders", "--dry-run").out()).contains("it would begin a rebuild of orders_v2");
        assertThat(run("retry", "orders", "--dry-run").out()).contains("0 orders of orders_v2 would be tried again");
        assertThat(run("database", "stop", "--dry-run").out()).contains("The database is up; nothing was changed");
        assertThat(CommandLineCalls.run(
                                "smoke",
                                "--url",
                                instance.run().instance().api().toString(),
                                "--dry-run")
                        .out())
                .contains("nothing was changed");

        assertThat(instance.query("select count(*) from ledger.event")).containsExactly(Long.toString(events));
    }

    @Test
    void a_message_of_a_queue_is_shown_without_personal_data_and_stays_there() {
        try (TestInstance other = TestInstance.start()) {
            other.run().database().stop();
            UUID id = UUID.randomUUID();
            other.post(order("queued"), "Idempotency-Key", id.toString());
            String data = other.data().toString();
            await().atMost(SETTLED_WITHIN).until(() -> waiting(other) == 1);

            Result down = CommandLineCalls.run("doctor", "--data", data);
            assertThat(down.exitCode()).isEqualTo(1);
            assertThat(down.out()).containsPattern("database +WRONG").contains("next: ./order-ledger database start");
            Result listed =
                    CommandLineCalls.run("dead-letters", "list", "--queue", "all", "-o", "ndjson", "--data", data);
            assertThat(listed.exitCode()).as(listed.err()).isZero();
            assertThat(listed.err()).contains("hidden from others");
            String message = json(listed.out()).path("messageId").asText();
            Result shown = CommandLineCalls.run("dead-letters", "show", message, "--queue", "all", "--data", data);
            assertThat(shown.exitCode()).as(shown.err()).isZero();
            assertThat(shown.out()).contains(id.toString(), "(withheld)").doesNotContain("Lee O'Brien");
            Result none = CommandLineCalls.run(
                    "dead-letters", "show", UUID.randomUUID().toString(), "--queue", "all", "--data", data);
            assertThat(none.exitCode()).isEqualTo(2);
            assertThat(none.err()).contains("next: ./order-ledger dead-letters list --queue all --data " + data);

            assertThat(waiting(other)).isEqualTo(1);
            other.run().database().start();
            assertThat(CommandLineCalls.run("replay", "--data", data).out()).contains("appended 1");
        }
    }

    private static long waiting(TestInstance other) {
        long waiting = 0;
        for (JsonNode queue : json(other.get("/health")).path("deadLetters")) {
            waiting += queue.asLong();
        }
        return waiting;
    }

    private static List<JsonNode> lines(String... arguments) {
        Result result = run(
                Stream.concat(Stream.of(arguments), Stream.of("-o", "ndjson")).toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result.out().lines().map(TestInstance::json).toList();
    }

    private static Result run(String... arguments) {
        return CommandLineCalls.run(
                Stream.concat(Stream.of(arguments), Stream.of("--data", data())).toArray(String[]::new));
    }

    private static String data() {
        return instance.data().toString();
    }
}
