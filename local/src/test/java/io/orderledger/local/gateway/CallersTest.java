package io.orderledger.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.definitions.Api;
import io.orderledger.local.definitions.Integration;
import io.orderledger.local.definitions.Route;
import io.orderledger.local.definitions.SamFolder;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the mapping templates of the project's own API store of who called, whichever way he proved who he is. */
class CallersTest {

    private static final Api API = SamFolder.real().load().api();
    private static final String ORDER = "8e03978e-40d5-43e8-bc93-6894a57f9324";

    @ParameterizedTest
    @CsvSource({
        "identity.userArn, arn:aws:sts::123456789012:assumed-role/Shop/session@shop",
        "authorizer.claims.sub, 1c2f9d0e-4a07-43c7-9f5b-3e6c2b7f5a11",
        "authorizer.principalId, auth0|5f7c8ec7c33c6c004bbafe82",
        "identity.apiKeyId, a1b2c3d4e5"
    })
    void the_caller_is_stored_with_the_request(String variable, String caller) {
        Map<String, String> known = Map.of(variable, caller);

        assertThat(placed(known).path("principal").textValue()).isEqualTo(caller);
        assertThat(cancelled(known).path("principal").textValue()).isEqualTo(caller);
    }

    @Test
    void an_identity_that_was_proven_counts_more_than_a_key() {
        Map<String, String> known =
                Map.of("identity.apiKeyId", "a1b2c3d4e5", "authorizer.principalId", "proven", "accountId", "1");

        assertThat(placed(known).path("principal").textValue()).isEqualTo("proven");
    }

    @Test
    void nobody_is_stored_where_nobody_was_asked() {
        assertThat(placed(Map.of()).has("principal")).isFalse();
        assertThat(cancelled(Map.of()).has("principal")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "O'Brien",
                "say \"hi\"",
                "back\\slash",
                "\\'",
                "a/b",
                "\\u0041",
                "$util #set($x=1) </script>",
                "\",\"path\":\"x"
            })
    void a_name_with_any_printable_character_is_stored_as_it_is(String caller) {
        Map<String, String> known = Map.of("authorizer.principalId", caller);

        assertThat(placed(known).path("principal").textValue()).isEqualTo(caller);
        assertThat(placed(known).path("path").textValue()).isEqualTo("POST /orders");
        assertThat(cancelled(known).path("principal").textValue()).isEqualTo(caller);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "tab\tbed", "Zoë", "\ud83d\ude00"})
    void a_name_that_cannot_be_stored_stores_nothing(String caller) {
        Map<String, String> known = Map.of("authorizer.principalId", caller);

        assertThat(rendered("POST", "/orders", known).strip()).isEqualTo("{\"Entries\":[]}");
        assertThat(rendered("PUT", "/orders/{orderId}/cancellation", known).strip())
                .isEqualTo("{}");
    }

    @Test
    void a_name_of_more_than_2048_characters_stores_nothing() {
        assertThat(placed(Map.of("identity.userArn", "x".repeat(2048)))
                        .path("principal")
                        .textValue())
                .hasSize(2048);
        assertThat(rendered("POST", "/orders", Map.of("identity.userArn", "x".repeat(2049)))
                        .strip())
                .isEqualTo("{\"Entries\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/orders", "/orders/{orderId}/cancellation"})
    void such_a_caller_is_told_so_with_403(String path) {
        String method = path.equals("/orders") ? "POST" : "PUT";
        Exchange exchange = exchange(method, path, Map.of("authorizer.principalId", "Zoë"));
        Integration.ServiceCall call = call(method, path);
        Templates templates = new Templates(Map.of());
        new RequestMapping(call.requestTemplates(), call.passthrough(), templates).map(exchange, "{}");

        GatewayAnswer answer = new ResponseMapping(call.responses(), templates)
                .map(
                        new IntegrationResult(400, new Headers(Map.of()), "{\"__type\":\"ValidationException\"}"),
                        exchange);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("printable ASCII")
                .doesNotContain("Zo");
    }

    private static JsonNode placed(Map<String, String> caller) {
        JsonNode entries = Json.parse(rendered("POST", "/orders", caller)).orElseThrow();
        return Json.parse(entries.path("Entries").path(0).path("Detail").textValue())
                .orElseThrow();
    }

    private static JsonNode cancelled(Map<String, String> caller) {
        JsonNode started = Json.parse(rendered("PUT", "/orders/{orderId}/cancellation", caller))
                .orElseThrow();
        return Json.parse(started.path("input").textValue()).orElseThrow().path("detail");
    }

    private static String rendered(String method, String path, Map<String, String> caller) {
        Integration.ServiceCall call = call(method, path);
        return new RequestMapping(call.requestTemplates(), call.passthrough(), new Templates(Map.of()))
                .map(exchange(method, path, caller), "{}");
    }

    private static Integration.ServiceCall call(String method, String path) {
        return (Integration.ServiceCall) route(method, path).integration();
    }

    private static Route route(String method, String path) {
        return API.routes().stream()
                .filter(route -> route.method().equals(method) && route.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static Exchange exchange(String method, String path, Map<String, String> caller) {
        ReceivedRequest request = new ReceivedRequest(
                method, path.replace("{orderId}", ORDER), Map.of(), new Headers(Map.of()), new byte[0], "127.0.0.1");
        Exchange exchange = new Exchange(
                API,
                request,
                new RequestIds.Ids("request", "extended", "1-00000000-000000000000000000000000"),
                Instant.EPOCH,
                caller);
        exchange.matched(new Router(API.routes()).match(method, request.path()).orElseThrow());
        return exchange;
    }
}
