package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.cli.CommandLineCalls.Result;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator does about messages that are parked, by the command line. */
class DeadLettersIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);

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
    void a_parked_message_is_listed_shown_tried_again_and_dropped_and_who_and_why_is_kept() {
        UUID key = UUID.randomUUID();
        String id = parkConflict(key, "shown");

        Result list = run("dead-letters", "list", "--reason", "conflict");
        assertThat(list.exitCode()).isZero();
        assertThat(list.out()).contains(id.substring(0, 16), "CONFLICT", "WAITING", key.toString());

        Result shown = run("dead-letters", "show", id.substring(0, 12));
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out())
                .contains(id, key.toString(), "\"EUR\"", "(withheld)")
                .doesNotContain("O'Brien");
        assertThat(run("dead-letters", "show", id, "--personal-data").out()).contains("O'Brien");

        Result again = run("dead-letters", "replay", id, "--why", "perhaps it fits now", "--by", "ann", "--yes");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.out()).contains("REFUSED CONFLICT", "refused 1");

        Result dropped = run("dead-letters", "drop", id, "--why", "the shop used a key twice", "--by", "bob", "--yes");
        assertThat(dropped.exitCode()).isZero();
        assertThat(dropped.out()).contains("dropped 1");
        assertThat(run("dead-letters", "drop", id, "--why", "once more", "--by", "bob", "--yes")
                        .out())
                .contains("already dropped 1");

        assertThat(ids("list", "--reason", "conflict")).doesNotContain(id);
        assertThat(ids("list", "--state", "dropped")).contains(id);
        assertThat(run("dead-letters", "show", id).out())
                .contains("REFUSED by ann: perhaps it fits now", "DROPPED by bob: the shop used a key twice");
        assertThat(instance.query(
                        "select reason from ledger.parked_action where outcome = 'DROPPED' and actor = 'bob'"))
                .containsExactly("the shop used a key twice");
    }

    @Test
    void a_selection_is_counted_before_it_is_decided_about() {
        String one = parkConflict(UUID.randomUUID(), "selected");
        String other = parkConflict(UUID.randomUUID(), "selected");

        JsonNode count = json(
                run("dead-letters", "drop", "--all", "--dry-run", "-o", "json").out());
        assertThat(count.at("/data/messages").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(ids("list")).contains(one, other);

        assertThat(json(run("dead-letters", "drop", "--since", "1h", "--reason", "invalid", "--dry-run", "-o", "json")
                                .out())
                        .at("/data/messages")
                        .asInt(-1))
                .isZero();
        assertThat(json(run("dead-letters", "drop", "--until", "1h", "--dry-run", "-o", "json")
                                .out())
                        .at("/data/messages")
                        .asInt(-1))
                .isZero();
        Result all = run("dead-letters", "drop", "--all", "--why", "a test", "--yes", "-o", "json");
        assertThat(all.exitCode()).isZero();
        assertThat(json(all.out()).path("status").asText()).isEqualTo("done");
        assertThat(ids("list")).isEmpty();
    }

    @Test
    void decides_nothing_without_a_reason_a_selection_or_a_confirmation() {
        String id = parkConflict(UUID.randomUUID(), "undecided");

        for (String[] arguments : new String[][] {
            {"drop", id, "--yes"},
            {"drop", id, "--why", " ", "--yes"},
            {"drop", "--why", "a test", "--yes"},
            {"drop", id, "--all", "--why", "a test", "--yes"},
            {"drop", id, "--why", "a test"},
            {"replay", id, "--why", "a test"},
            {"drop", "00000000", "--why", "a test", "--yes"},
            {"drop", "zz", "--why", "a test", "--yes"},
            {"show", "00000000"},
            {"list", "--state", "lost"},
            {"list", "--reason", "other"},
            {"list", "--since", "yesterday"},
            {"list", "--database", "http://localhost"},
            {"list", "--region", "eu-west-1"}
        }) {
            Result result = run(Stream.concat(Stream.of("dead-letters"), Arrays.stream(arguments))
                    .toArray(String[]::new));
            assertThat(result.exitCode()).as(String.join(" ", arguments)).isEqualTo(2);
            assertThat(result.err())
                    .as(String.join(" ", arguments))
                    .hasLineCount(1)
                    .startsWith("order-ledger: ");
        }
        assertThat(ids("list")).contains(id);
    }

    @Test
    void tells_a_failure_in_the_envelope_of_a_success() {
        Result result = run("dead-letters", "show", "00000000", "-o", "json");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(json(result.out()).path("status").asText()).isEqualTo("could-not-run");
        assertThat(json(result.out()).path("command").asText()).isEqualTo("dead-letters show");
        assertThat(json(result.out()).at("/error/message").asText()).contains("no message is parked as 00000000");
    }

    @Test
    void works_on_any_database_that_it_can_reach() {
        String id = parkConflict(UUID.randomUUID(), "anywhere");
        String url = instance.run().database().url("ledger_replayer") + "?sslmode=disable";

        Result shown = CommandLineCalls.run("dead-letters", "show", id, "--database", url, "-o", "ndjson");

        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(json(shown.out()).path("id").asText()).isEqualTo(id);
    }

    /** A message that says another thing under a key that is recorded, and the ID under which it is parked. */
    private static String parkConflict(UUID key, String customer) {
        assertThat(instance.post(order(customer), "Idempotency-Key", key.toString())
                        .statusCode())
                .isEqualTo(200);
        await().atMost(SETTLED_WITHIN)
                .until(() -> instance.get("/orders/" + key).statusCode() == 200);
        assertThat(instance.post(order(customer).replace("GBP", "EUR"), "Idempotency-Key", key.toString())
                        .statusCode())
                .isEqualTo(200);
        String query = "select encode(message_digest, 'hex') from ledger.refused where event_id = '" + key + "'";
        await().atMost(SETTLED_WITHIN).until(() -> instance.query(query).size() == 1);
        return instance.query(query).getFirst();
    }

    private static java.util.List<String> ids(String... arguments) {
        Result result = run(Stream.of(new String[] {"dead-letters"}, arguments, new String[] {"-o", "ndjson"})
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out().lines().map(line -> json(line).path("id").asText()).toList();
    }

    private static Result run(String... arguments) {
        return CommandLineCalls.run(Stream.concat(
                        Arrays.stream(arguments),
                        Arrays.asList(arguments).contains("--database")
                                ? Stream.of()
                                : Stream.of("--data", instance.data().toString()))
                .toArray(String[]::new));
    }
}
