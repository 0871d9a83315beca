package io.orderledger.local.gateway;

import static io.orderledger.local.gateway.RunningGateway.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.local.definitions.SamFolder;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a browser is told, with an allowed origin and without one. */
class CorsTest {

    private static final String ORIGIN = "https://shop.example";
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String ORDER = """
            {"customer":{"id":"a"},"currency":"GBP","items":[{"sku":"a","quantity":1,"unitPrice":1}]}""";
    private static final RunningGateway WITH =
            new RunningGateway(SamFolder.real().load(Map.of("CorsAllowedOrigin", ORIGIN)));
    private static final RunningGateway WITHOUT =
            new RunningGateway(SamFolder.real().load());

    @AfterAll
    static void stop() {
        WITH.close();
        WITHOUT.close();
    }

    @BeforeEach
    void store() {
        for (RunningGateway gateway : List.of(WITH, WITHOUT)) {
            gateway.services().answer(200, "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"e1\"}]}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/orders, 'GET,POST'",
        "/orders/8e03978e-40d5-43e8-bc93-6894a57f9324, GET",
        "/orders/8e03978e-40d5-43e8-bc93-6894a57f9324/history, GET",
        "/orders/8e03978e-40d5-43e8-bc93-6894a57f9324/cancellation, PUT",
        "/requests/8e03978e-40d5-43e8-bc93-6894a57f9324, GET"
    })
    void a_preflight_is_answered_without_a_call(String path, String methods) {
        WITH.services().forget();

        HttpResponse<String> answer =
                WITH.send("OPTIONS", path, new byte[0], "", "Access-Control-Request-Method", "PUT");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, ALLOW_ORIGIN)).isEqualTo(ORIGIN);
        assertThat(header(answer, "Access-Control-Allow-Methods")).isEqualTo(methods);
        assertThat(header(answer, "Access-Control-Allow-Headers").split(","))
                .contains("Authorization", "Content-Type", "Idempotency-Key", "X-Api-Key");
        assertThat(header(answer, "Access-Control-Max-Age")).isEqualTo("600");
        assertThat(WITH.services().calls()).isEmpty();
    }

    @Test
    void a_page_may_read_every_answer_of_the_allowed_origin() {
        HttpResponse<String> stored = WITH.sendJson("POST", "/orders", ORDER);
        WITH.services().answer(500, "{}");
        HttpResponse<String> notStored = WITH.sendJson("POST", "/orders", ORDER);
        HttpResponse<String> notCancelled =
                WITH.sendJson("PUT", "/orders/8e03978e-40d5-43e8-bc93-6894a57f9324/cancellation", "{}");
        WITH.services().answer(400, "{\"__type\":\"ValidationException\"}");
        HttpResponse<String> refused = WITH.sendJson("POST", "/orders", ORDER, "Idempotency-Key", "1");
        HttpResponse<String> invalid = WITH.sendJson("POST", "/orders", "{}");
        HttpResponse<String> unknown = WITH.get("/nowhere");
        HttpResponse<String> otherType = WITH.send("POST", "/orders", new byte[] {'1'}, "text/plain");

        assertThat(List.of(stored, notStored, notCancelled, refused, invalid, unknown, otherType))
                .extracting(HttpResponse::statusCode)
                .containsExactly(200, 503, 503, 400, 400, 403, 415);
        assertThat(List.of(stored, notStored, notCancelled, refused, invalid, unknown, otherType))
                .allSatisfy(answer -> {
                    assertThat(header(answer, ALLOW_ORIGIN)).isEqualTo(ORIGIN);
                    assertThat(header(answer, "Access-Control-Expose-Headers")).contains("x-request-id", "Retry-After");
                    assertThat(header(answer, "x-request-id")).isNotEmpty();
                });
        assertThat(header(stored, "Access-Control-Expose-Headers")).contains("Link", "Location");
    }

    @Test
    void without_an_allowed_origin_no_answer_says_anything_about_origins() {
        HttpResponse<String> stored = WITHOUT.sendJson(
                "POST", "/orders", ORDER, "Origin", WITHOUT.uri().toString());
        HttpResponse<String> ofAnotherPage = WITHOUT.sendJson("POST", "/orders", ORDER, "Origin", ORIGIN);
        HttpResponse<String> preflight = WITHOUT.send("OPTIONS", "/orders", new byte[0], "", "Origin", ORIGIN);

        assertThat(stored.statusCode()).isEqualTo(200);
        assertThat(ofAnotherPage.statusCode()).isEqualTo(403);
        assertThat(preflight.statusCode()).isEqualTo(403);
        assertThat(List.of(stored, ofAnotherPage, preflight))
                .allSatisfy(answer -> assertThat(answer.headers().map().keySet())
                        .noneMatch(
                                name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control")));
    }
}
