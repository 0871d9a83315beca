package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored equals what was sent, or the answer says no; and nothing else gets in beside it. */
class HostileInputIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(30);

    /** What a statement that got in would change. */
    private static final String OBJECTS = """
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('ledger', 'projection', 'audit') union all select rolname from pg_roles order by 1""";

    private static TestInstance instance;

    @BeforeAll
    static void start() {
        instance = TestInstance.start();
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    static Stream<String> texts() {
        return Stream.of(
                "O'Brien",
                "say \"hello\"",
                "back\\slash and \\\" both \\' ways \\\\",
                "line\nbreak\r\nand\ttab",
                "$util.escapeJavaScript('x')",
                "#set($x = 1)$x",
                "${context.requestId} $input.body $!x",
                "#foreach($i in [1..9])$i#end ## comment",
                "\u2028 and \u2029",
                "\uD83C\uDF55 \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                "\u0645\u0631\u062D\u0628\u0627 \u202E reversed",
                "\u6CE2\u5948\u30D4\u30B6",
                "'}],\"Entries\":[{\"Source\":\"evil\"}]",
                "\"},\"eventId\":\"00000000-0000-4000-8000-000000000000\",\"x\":{\"",
                "<script>alert(1)</script> &amp; </script>",
                "'; drop table ledger.event; --",
                "%s %n %d {0} {{x}} ",
                "\u0001\u001F\u0085",
                "' or '1'='1",
                "1; select pg_sleep(60)",
                "$$; drop schema ledger cascade; $$",
                "E'\\x27' || chr(0) || U&'\\0027'",
                "*/ union select message from ledger.refused /*",
                "{0} {1} {{0}} ? ?? ?| :name ::text $1 /* {json} */ -- ?",
                "100%_\\%_ _%",
                "${jndi:ldap://127.0.0.1:1/a} #{7*7} {{7*7}} <%= 7*7 %>",
                "%1$s %2147483647d %n%n");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void stores_text_as_it_was_sent(String text) {
        ObjectNode order = (ObjectNode) json(order("hostile"));
        ((ObjectNode) order.path("customer"))
                .put("name", text)
                .put("phone", text)
                .put("email", text);
        ((ObjectNode) order.path("items").get(0)).put("name", text).put("sku", text);
        order.put("notes", text).put("channel", "OTHER");
        order.putObject("deliveryAddress")
                .put("line1", text)
                .put("line2", text)
                .put("city", text)
                .put("region", text)
                .put("postalCode", text);
        long before = events();

        HttpResponse<String> placed = instance.post(order.toString());

        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        String id = json(placed).path("orderId").asText();
        JsonNode stored = history(id, 1).get(0).path("payload");
        assertThat(stored).isEqualTo(order);
        assertThat(events()).isEqualTo(before + 1);
        // The key of a view's row, and not only a value in it.
        await().atMost(SETTLED_WITHIN)
                .untilAsserted(() -> assertThat(instance.query("select sku from projection.item_sales_v1"))
                        .contains(text));
    }

    /** What a path, a query or a header says is either refused, or is of no consequence; and none of it is executed. */
    @ParameterizedTest
    @MethodSource("texts")
    void executes_nothing_of_a_path_a_query_or_a_header(String text) {
        List<String> objects = instance.query(OBJECTS);
        String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");

        for (String path : List.of("/orders/%s", "/orders/%s/history", "/requests/%s")) {
            demandRefusal(instance.get(path.formatted(encoded)));
        }
        demandRefusal(instance.send("PUT", "/orders/" + encoded + "/cancellation", "{}"));
        for (String name : List.of("status", "customer", "placedFrom", "placedBefore", "limit", "cursor", "asOf")) {
            demandRefusal(instance.get("/orders?" + name + "=" + encoded));
        }
        demandRefusal(instance.get("/orders?" + encoded + "=1"));
        String header = text.replaceAll("[^\\x20-\\x7E]", "?").strip();
        demandRefusal(instance.post(order("header"), "Idempotency-Key", "x" + header));
        HttpResponse<String> placed = instance.post(
                order("header"),
                "User-Agent",
                header,
                "X-Amzn-Trace-Id",
                header,
                "x-amzn-RequestId",
                header,
                "Referer",
                header);

        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        history(json(placed).path("orderId").asText(), 1);
        assertThat(instance.query(OBJECTS)).isEqualTo(objects);
    }

    private static void demandRefusal(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.uri() + " " + answer.body()).isBetween(400, 403);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).doesNotContain("<", "jndi:");
        assertThat(json(answer).path("title").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void stores_a_reason_as_it_was_sent(String text) {
        UUID id = UUID.randomUUID();

        HttpResponse<String> cancelled = instance.cancel(
                id, ((ObjectNode) json("{}")).put("reason", text).toString());

        assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(200);
        assertThat(history(id.toString(), 1)
                        .get(0)
                        .path("payload")
                        .path("reason")
                        .asText())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\uD83C", "\\uDF55 alone", "\\uDF55\\uD83C", "\u007F"})
    void refuses_or_parks_what_a_database_cannot_hold(String escaped) {
        String key = UUID.randomUUID().toString();
        HttpResponse<String> answer =
                instance.post(order("unstorable").replace("Lee O'Brien", escaped), "Idempotency-Key", key);

        if (answer.statusCode() == 200) {
            await().atMost(SETTLED_WITHIN)
                    .untilAsserted(() -> assertThat(
                                    instance.query("select reason from ledger.refused where event_id = '" + key + "'"))
                            .containsExactly("INVALID"));
        } else {
            assertThat(answer.statusCode()).isEqualTo(400);
        }
        assertThat(instance.query("select type from ledger.event where event_id = '" + key + "'"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not-a-uuid",
                "\",\"principal\":\"admin",
                "00000000-0000-0000-0000-00000000000g",
                "$util.urlDecode('%22')",
                "\"\"",
                "{00000000-0000-4000-8000-000000000000}"
            })
    void refuses_an_idempotency_key_that_is_no_uuid(String key) {
        HttpResponse<String> answer = instance.post(order("bad-key"), "Idempotency-Key", key);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("Idempotency-Key").doesNotContain("principal");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/xml",
                "application/x-amz-json-1.1"
            })
    void refuses_other_content_types(String contentType) {
        long before = events();

        HttpResponse<String> answer = instance.post(order("other-type"), "Content-Type", contentType);

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(events()).isEqualTo(before);
    }

    @Test
    void names_missing_and_unknown_fields() {
        HttpResponse<String> missing = instance.post("{\"customer\":{\"id\":\"lee\"},\"items\":[]}");
        HttpResponse<String> unknown = instance.post(order("lee").replace("\"currency\"", "\"colour\":1,\"currency\""));

        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(missing.body()).contains("currency");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("colour");
        assertThat(unknown.headers().firstValue("x-request-id")).isPresent();
    }

    @Test
    void refuses_bodies_over_the_limit_and_bodies_that_are_no_json() {
        assertThat(instance.post(order("x".repeat(64)).replace("Lee O'Brien", "x".repeat(201 * 1024)))
                        .statusCode())
                .isIn(400, 413);
        assertThat(instance.post(order("big") + " ".repeat(205 * 1024)).statusCode())
                .isEqualTo(413);
        assertThat(instance.post("{\"customer\":").statusCode()).isEqualTo(400);
        assertThat(instance.post("[]").statusCode()).isEqualTo(400);
    }

    @Test
    void refuses_an_order_id_that_is_no_uuid() {
        assertThat(instance.send("PUT", "/orders/not-a-uuid/cancellation", "{}").statusCode())
                .isEqualTo(400);
        assertThat(instance.send("PUT", "/orders/%22%7D/cancellation", "{}").statusCode())
                .isEqualTo(400);
        assertThat(instance.get("/orders/not-a-uuid").statusCode()).isEqualTo(400);
        assertThat(instance.get("/orders?limit=0").statusCode()).isEqualTo(400);
        assertThat(instance.get("/orders?cursor=%00").statusCode()).isEqualTo(400);
    }

    private static JsonNode history(String id, int size) {
        return await().atMost(SETTLED_WITHIN)
                .until(
                        () -> json(instance.get("/orders/" + id + "/history")).path("events"),
                        events -> events.size() == size);
    }

    private static long events() {
        return Long.parseLong(
                instance.query("select count(*) from ledger.event").getFirst());
    }
}
