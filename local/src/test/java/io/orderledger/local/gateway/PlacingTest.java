package io.orderledger.local.gateway;

import static io.orderledger.local.gateway.RunningGateway.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.definitions.SamFolder;
import io.orderledger.local.gateway.RecordingServices.Call;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/** {@code POST /orders} of the project's own definitions, over HTTP. */
class PlacingTest {

    private static final String EVENT_ID = "4fb2b4b0-7f7c-4d8a-9a55-0c4f4b2e6c11";
    private static final String STORED = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"" + EVENT_ID + "\"}]}";
    private static final String KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324";
    private static final int MOST_BODY_CHARACTERS = 204_800;

    private static final RunningGateway GATEWAY =
            new RunningGateway(SamFolder.real().load());

    @AfterContainer
    static void stop() {
        GATEWAY.close();
    }

    @BeforeTry
    void store() {
        GATEWAY.services().forget();
        GATEWAY.services()
                .answer(call -> RecordingServices.Answer.of(
                        call.body().contains("\"Entries\":[]") ? 400 : 200,
                        call.body().contains("\"Entries\":[]") ? "{\"__type\":\"ValidationException\"}" : STORED));
    }

    @Example
    void an_order_becomes_one_entry_on_the_bus_of_the_stack() {
        HttpResponse<String> response =
                GATEWAY.sendJson("POST", "/orders", order("Lee").toString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().strip())
                .isEqualTo(
                        "{\"message\":\"Created\",\"orderId\":\"" + EVENT_ID + "\",\"eventId\":\"" + EVENT_ID + "\"}");
        assertThat(header(response, "Location")).isEqualTo("orders/" + EVENT_ID);
        assertThat(header(response, "Link")).isEqualTo("<requests/" + EVENT_ID + ">; rel=status");
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        Call call = GATEWAY.services().onlyCall();
        assertThat(call.header("x-amz-target")).isEqualTo("AWSEvents.PutEvents");
        assertThat(call.header("content-type")).isEqualTo("application/x-amz-json-1.1");
        JsonNode entry = onlyEntry();
        assertThat(entry.path("EventBusName").textValue()).isEqualTo("orders-orders");
        assertThat(entry.path("Source").textValue()).isEqualTo("order-ledger.api");
        assertThat(entry.path("DetailType").textValue()).isEqualTo("OrderPlacementRequested");
        JsonNode detail = onlyDetail();
        assertThat(detail.path("requestId").textValue()).isEqualTo(header(response, "x-request-id"));
        assertThat(detail.path("path").textValue()).isEqualTo("POST /orders");
        assertThat(detail.path("schemaVersion").intValue()).isEqualTo(2);
        assertThat(detail.path("requestedAt").longValue()).isPositive();
        assertThat(detail.has("eventId")).isFalse();
    }

    @Property(tries = 300)
    void what_is_stored_is_what_was_sent(@ForAll("hostileTexts") String text) {
        ObjectNode order = order(text);
        order.put("notes", text);

        HttpResponse<String> response = GATEWAY.sendJson("POST", "/orders", Json.text(order));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(onlyDetail().path("data")).isEqualTo(order);
        assertThat(entries()).hasSize(1);
        assertThat(onlyEntry().path("DetailType").textValue()).isEqualTo("OrderPlacementRequested");
    }

    @Provide
    Arbitrary<String> hostileTexts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "'",
                "O'Brien",
                "\"",
                "\\",
                "\\\\",
                "\\\"",
                "\n",
                "\r\n",
                "\t",
                "\b",
                "\f",
                "/",
                "</script>",
                "$util",
                "$util.escapeJavaScript('x')",
                "#set($x = 1)",
                "#if(true)",
                "#end",
                "##",
                "#*",
                "${",
                "${x}",
                "$!{x}",
                "$input.body",
                "$context.requestId",
                "}",
                "{",
                "}]}",
                "\",\"Source\":\"evil\",\"x\":\"",
                "\\u0041",
                "\\'",
                "\u2028",
                "\u2029",
                "\u0080",
                "\ufeff",
                "\uffff",
                "😀",
                "\uD83D\uDC69\u200D\uD83D\uDCBB",
                "قهوة",
                "日本語",
                "é",
                "e\u0301");
        Arbitrary<String> anything = Arbitraries.strings()
                .withCharRange('\u0001', '~')
                .withCharRange('\u0080', '\uD7FF')
                .withCharRange('\uE000', '\uFFFF')
                .ofMaxLength(8);
        return Arbitraries.oneOf(pieces, anything)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(list -> String.join("", list))
                .filter(text -> text.codePointCount(0, text.length()) <= 200);
    }

    @Example
    void numbers_keep_their_digits() {
        String body = order("Lee").toString().replace("\"unitPrice\":950", "\"unitPrice\":100000000");

        GATEWAY.sendJson("POST", "/orders", body);

        assertThat(GATEWAY.services().onlyCall().body()).contains("\\\"unitPrice\\\":100000000}");
    }

    @Example
    void text_that_no_database_column_holds_is_refused() {
        for (String text : List.of("\\u0000", "\\ud800", "\\uDFFF", "\\ud83d x", "\\ude00\\ud83d", "\\\\\\ud800")) {
            GATEWAY.services().forget();
            String body = order("Lee").toString().replace("Lee", "Lee " + text);

            HttpResponse<String> response = GATEWAY.sendJson("POST", "/orders", body);

            assertThat(response.statusCode()).as(text).isEqualTo(400);
            assertThat(response.body()).contains("half of a surrogate pair");
            assertThat(entries()).as(text).isEmpty();
        }
    }

    @Example
    void text_that_only_looks_like_such_an_escape_is_stored() {
        ObjectNode order = order("\\u0000 \\ud800");

        HttpResponse<String> response = GATEWAY.sendJson("POST", "/orders", order.toString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(onlyDetail().path("data")).isEqualTo(order);
    }

    @Example
    void a_body_that_is_not_one_json_value_in_utf8_is_refused() {
        String order = order("Lee").toString();
        List<byte[]> bodies = List.of(
                bytes("{"),
                bytes(order + "}"),
                bytes(order + ",\"eventId\":\"x\""),
                bytes(order + order),
                bytes("'" + order + "'"),
                bytes("[]"),
                bytes("null"),
                bytes("[".repeat(100_000)),
                order.replace("Lee", "L\u00e9e").getBytes(StandardCharsets.ISO_8859_1),
                order.getBytes(StandardCharsets.UTF_16));
        for (byte[] body : bodies) {
            HttpResponse<String> response = GATEWAY.send("POST", "/orders", body, RunningGateway.JSON);

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
            assertThat(Json.parse(response.body())).isPresent();
        }
        assertThat(GATEWAY.services().calls()).isEmpty();
    }

    @Example
    void other_content_types_never_reach_the_bus() {
        String entry =
                "{\"Entries\":[{\"Source\":\"evil\",\"DetailType\":\"OrderPlacementRequested\",\"Detail\":\"{}\"}]}";
        for (String type :
                List.of("text/plain", "application/x-amz-json-1.1", "application/xml", "application/jsonx", "*/*")) {
            HttpResponse<String> response = GATEWAY.send("POST", "/orders", bytes(entry), type);

            assertThat(response.statusCode()).as(type).isEqualTo(415);
            assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        }
        assertThat(GATEWAY.services().calls()).isEmpty();
    }

    @Example
    void json_by_any_spelling_of_its_content_type_is_taken() {
        for (String type :
                List.of("application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8")) {
            GATEWAY.services().forget();
            HttpResponse<String> response =
                    GATEWAY.send("POST", "/orders", bytes(order("Lee").toString()), type);

            assertThat(response.statusCode()).as(type).isEqualTo(200);
            assertThat(entries()).hasSize(1);
        }
    }

    @Example
    void the_idempotency_key_becomes_the_event_id_in_any_spelling() {
        for (String name : List.of("Idempotency-Key", "idempotency-key", "IDEMPOTENCY-KEY", "iDeMpOtEnCy-kEy")) {
            for (String value : List.of(KEY, "\"" + KEY + "\"", KEY.toUpperCase(Locale.ROOT))) {
                GATEWAY.services().forget();
                HttpResponse<String> response =
                        GATEWAY.sendJson("POST", "/orders", order("Lee").toString(), name, value);

                assertThat(response.statusCode()).as(name + ": " + value).isEqualTo(200);
                assertThat(onlyDetail().path("eventId").textValue()).isEqualTo(KEY);
                assertThat(header(response, "Location")).isEqualTo("orders/" + KEY);
                assertThat(response.body()).contains("\"eventId\":\"" + KEY + "\"");
            }
        }
    }

    @Example
    void another_idempotency_key_than_a_uuid_is_refused() {
        List<String> values = List.of(
                "x",
                "\"" + KEY,
                KEY + "\"",
                "'" + KEY + "'",
                KEY + "0",
                KEY.replace("-", ""),
                "{" + KEY + "}",
                KEY + "," + KEY,
                "$util.urlEncode('x')",
                "\",\"Source\":\"evil",
                "#set($eventId = 1)");
        for (String value : values) {
            HttpResponse<String> response =
                    GATEWAY.sendJson("POST", "/orders", order("Lee").toString(), "Idempotency-Key", value);

            assertThat(response.statusCode()).as(value).isEqualTo(400);
            assertThat(response.body()).contains("Idempotency-Key must be given once and be a UUID");
        }
        assertThat(entries()).isEmpty();
    }

    @Example
    void a_request_id_that_the_client_sets_changes_no_identity() {
        HttpResponse<String> first =
                GATEWAY.sendJson("POST", "/orders", order("Lee").toString(), "x-amzn-RequestId", KEY);
        HttpResponse<String> second =
                GATEWAY.sendJson("POST", "/orders", order("Lee").toString(), "X-AMZN-REQUESTID", KEY);

        assertThat(header(first, "x-amzn-RequestId")).isEqualTo(KEY);
        assertThat(header(first, "x-request-id")).isNotEqualTo(header(second, "x-request-id"));
        assertThat(entries()).hasSize(2).allSatisfy(entry -> {
            JsonNode detail = Json.parse(entry.path("Detail").textValue()).orElseThrow();
            assertThat(detail.has("eventId")).isFalse();
            assertThat(detail.path("requestId").textValue()).isNotEqualTo(KEY);
        });
    }

    @Example
    void every_missing_and_unknown_field_is_named() {
        HttpResponse<String> response = GATEWAY.sendJson(
                "POST",
                "/orders",
                "{\"customer\":{\"nick\\\"name\":\"x\"},\"currency\":\"pounds\",\"channel\":\"FAX\",\"surprise\":1,\"other\":2}");

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode problem = Json.parse(response.body()).orElseThrow();
        assertThat(problem.path("detail").textValue())
                .contains("object has missing required properties ([\"items\"])")
                .contains("not allowed by the schema: [\"other\",\"surprise\"]")
                .contains("object has missing required properties ([\"id\"]) at /customer")
                .contains("nick\"name")
                .contains("ECMA 262 regex \"^[A-Z]{3}$\" does not match input string at /currency")
                .contains(
                        "not found in enum (possible values: [\"WEB\",\"APP\",\"PHONE\",\"STORE\",\"PARTNER\",\"OTHER\","
                                + "\"UNSPECIFIED\"]) at /channel")
                .doesNotContain("pounds", "FAX");
        assertThat(GATEWAY.services().calls()).isEmpty();
    }

    @Example
    void each_rule_of_the_model_is_applied() {
        String order = order("Lee").toString();
        List<String> wrong = List.of(
                order.replace("\"GBP\"", "\"GBP\\n\""),
                order.replace("\"GBP\"", "7"),
                order.replace("\"currency\"", "\"channel\":\"FAX\",\"currency\""),
                order.replace("\"currency\"", "\"channel\":null,\"currency\""),
                order.replace("\"currency\"", "\"channel\":\"NOT_ASKED\",\"currency\""),
                order.replace("\"quantity\":2", "\"quantity\":0"),
                order.replace("\"quantity\":2", "\"quantity\":1001"),
                order.replace("\"quantity\":2", "\"quantity\":2.5"),
                order.replace("\"quantity\":2", "\"quantity\":\"2\""),
                order.replace("\"unitPrice\":950", "\"unitPrice\":-1"),
                order.replace("\"unitPrice\":950", "\"unitPrice\":100000001"),
                order.replace("\"id\":\"lee\"", "\"id\":\"le e\""),
                order.replace("\"id\":\"lee\"", "\"id\":\"" + "x".repeat(65) + "\""),
                order.replace("Lee", "x".repeat(201)),
                order.replaceFirst("\"items\":\\[.*]", "\"items\":[]"));
        for (String body : wrong) {
            assertThat(GATEWAY.sendJson("POST", "/orders", body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(GATEWAY.services().calls()).isEmpty();
    }

    @Example
    void a_body_that_is_too_large_is_refused() {
        String order = order("Lee").toString();
        String most = order + " ".repeat(MOST_BODY_CHARACTERS - order.length());

        assertThat(GATEWAY.sendJson("POST", "/orders", most).statusCode()).isEqualTo(200);
        GATEWAY.services().forget();
        HttpResponse<String> response = GATEWAY.sendJson("POST", "/orders", most + " ");
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(entries()).isEmpty();
    }

    @Example
    void a_body_beyond_api_gateways_own_limit_gets_its_413() {
        byte[] body = bytes(" ".repeat(HttpExchanges.MOST_BODY_BYTES + 1));

        HttpResponse<String> response = GATEWAY.send("POST", "/orders", body, RunningGateway.JSON);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).isEqualTo("{\"message\":\"Request Too Long\"}");
        assertThat(GATEWAY.services().calls()).isEmpty();
    }

    @Example
    void an_order_that_was_not_stored_is_never_answered_200() {
        List<RecordingServices.Answer> failures = List.of(
                RecordingServices.Answer.of(
                        200, "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"InternalFailure\"}]}"),
                RecordingServices.Answer.of(200, "{}"),
                RecordingServices.Answer.of(400, "{\"__type\":\"ThrottlingException\"}"),
                RecordingServices.Answer.of(403, "{\"__type\":\"AccessDeniedException\"}"),
                RecordingServices.Answer.of(500, "{\"__type\":\"InternalFailure\"}"),
                RecordingServices.Answer.of(503, "{}"));
        for (RecordingServices.Answer failure : failures) {
            GATEWAY.services().answer(_ -> failure);

            HttpResponse<String> response =
                    GATEWAY.sendJson("POST", "/orders", order("Lee").toString());

            assertThat(response.statusCode()).as(failure.toString()).isEqualTo(503);
            assertThat(header(response, "Retry-After")).isNotEmpty();
            assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        }
    }

    private static ObjectNode order(String name) {
        ObjectNode order = Json.MAPPER.createObjectNode();
        order.putObject("customer").put("id", "lee").put("name", name);
        order.put("currency", "GBP");
        order.putArray("items")
                .addObject()
                .put("sku", "margherita")
                .put("quantity", 2)
                .put("unitPrice", 950);
        return order;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Everything that would have been put on the bus. */
    private static List<JsonNode> entries() {
        return GATEWAY.services().calls().stream()
                .map(call -> Json.parse(call.body()).orElseThrow())
                .flatMap(document -> document.path("Entries").valueStream())
                .toList();
    }

    private static JsonNode onlyEntry() {
        assertThat(entries()).hasSize(1);
        return entries().getFirst();
    }

    private static JsonNode onlyDetail() {
        return Json.parse(onlyEntry().path("Detail").textValue()).orElseThrow();
    }
}
