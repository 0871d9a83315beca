package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.cli.CommandLineCalls.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A customer is erased by the command, while messages of theirs still wait for a replay. */
class EraseIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);

    /** In all of the customer's personal data, and nowhere else. */
    private static final String SECRET = "Ünal O'Brien of Nowhere Lane";

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
    void what_is_erased_stays_erased_when_dead_letters_are_replayed() {
        UUID order = place("erased");
        assertThat(instance.cancel(order, "{\"reason\":\"%s\"}".formatted(SECRET))
                        .statusCode())
                .isEqualTo(200);
        UUID conflicting = place("erased");
        instance.post(body("erased").replace("950", "951"), "Idempotency-Key", conflicting.toString());
        await().atMost(SETTLED_WITHIN)
                .untilAsserted(() -> assertThat(tablesWithSecret()).contains("ledger.personal_data", "ledger.refused"));
        UUID waiting = UUID.randomUUID();
        instance.run().database().stop();
        assertThat(instance.cancel(waiting, "{\"reason\":\"%s\"}".formatted(SECRET))
                        .statusCode())
                .isEqualTo(200);
        assertThat(instance.post(body("erased"), "Idempotency-Key", waiting.toString())
                        .statusCode())
                .isEqualTo(200);
        await().atMost(SETTLED_WITHIN)
                .until(() -> json(instance.get("/health")).path("inFlight").asInt() == 0);
        instance.run().database().start();

        Result erased = erase("erased");

        assertThat(erased.exitCode()).as(erased.err()).isZero();
        assertThat(erased.out()).contains("orders 2\n", "events 3\n", "refused messages 1\n");
        assertThat(erased.err()).contains("begun", "done");
        assertThat(tablesWithSecret()).isEmpty();
        JsonNode events = json(instance.get("/orders/" + order + "/history")).path("events");
        assertThat(types(events)).containsExactly("OrderPlaced", "OrderCancelled", "PersonalDataErased");
        assertThat(events.toString()).contains("\"id\":\"erased\"").doesNotContain(SECRET);
        JsonNode listed = json(instance.get("/orders/" + order));
        assertThat(listed.path("status").asText()).isEqualTo("CANCELLED");
        assertThat(listed.path("version").asInt()).isEqualTo(3);

        await().atMost(SETTLED_WITHIN).untilAsserted(() -> {
            assertThat(CommandLineCalls.run("replay", "--data", data()).exitCode())
                    .isZero();
            assertThat(json(instance.get("/orders/" + waiting)).path("status").asText())
                    .isEqualTo("CANCELLED");
        });

        assertThat(tablesWithSecret()).isEmpty();
        Result verified = CommandLineCalls.run("verify", "--data", data());
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        assertThat(erase("erased").out()).contains("orders 0\n", "events 0\n", "refused messages 0\n");
    }

    @Test
    void asks_before_it_erases_and_touches_nothing_otherwise(@TempDir Path elsewhere) {
        UUID order = place("asked");

        Result unconfirmed = CommandLineCalls.run("erase", "--customer", "asked", "--data", data());
        Result nobody = CommandLineCalls.run("erase", "--yes", "--data", data());
        Result blank = CommandLineCalls.run("erase", "--yes", "--customer", " ", "--data", data());
        Result nowhere = CommandLineCalls.run("erase", "--yes", "--customer", "asked", "--data", elsewhere.toString());

        assertThat(List.of(unconfirmed.exitCode(), nobody.exitCode(), blank.exitCode(), nowhere.exitCode()))
                .containsOnly(2);
        assertThat(unconfirmed.err()).contains("nothing was done");
        assertThat(json(instance.get("/orders/" + order + "/history")).toString())
                .contains(SECRET);
    }

    private static Result erase(String customer) {
        return CommandLineCalls.run("erase", "--yes", "--customer", customer, "--data", data());
    }

    private static UUID place(String customer) {
        UUID id = UUID.fromString(
                json(instance.post(body(customer))).path("orderId").asText());
        await().atMost(SETTLED_WITHIN).until(() -> instance.get("/orders/" + id).statusCode() == 200);
        return id;
    }

    private static String body(String customer) {
        return """
                {"customer":{"id":"%s","name":"%s"},"currency":"GBP","notes":"%s",
                 "items":[{"sku":"margherita","quantity":2,"unitPrice":950}]}""".formatted(customer, SECRET, SECRET);
    }

    private static List<String> types(JsonNode events) {
        return StreamSupport.stream(events.spliterator(), false)
                .map(event -> event.path("type").asText())
                .toList();
    }

    /** Of all tables that the auditor may read, those that hold the text, as text or within bytes. */
    private static List<String> tablesWithSecret() {
        String hex = HexFormat.of().formatHex(SECRET.getBytes(StandardCharsets.UTF_8));
        List<String> tables = instance.query("""
                select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'v', 'm') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
                    and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')""");
        return tables.stream()
                .filter(table -> !instance.query(
                                "select 1 from %s t where t::text like '%%%s%%' or t::text like '%%%s%%' limit 1"
                                        .formatted(table, SECRET.replace("'", "''"), hex))
                        .isEmpty())
                .toList();
    }

    private static String data() {
        return instance.data().toString();
    }
}
