package io.orderledger.local.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What API Gateway answers by itself, for each of the types that it documents. */
class GatewayResponsesTest {

    /** See docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html. */
    private static final List<String> TYPES = List.of(
            "ACCESS_DENIED",
            "API_CONFIGURATION_ERROR",
            "AUTHORIZER_CONFIGURATION_ERROR",
            "AUTHORIZER_FAILURE",
            "BAD_REQUEST_BODY",
            "BAD_REQUEST_PARAMETERS",
            "DEFAULT_4XX",
            "DEFAULT_5XX",
            "EXPIRED_TOKEN",
            "INTEGRATION_FAILURE",
            "INTEGRATION_TIMEOUT",
            "INVALID_API_KEY",
            "INVALID_SIGNATURE",
            "MISSING_AUTHENTICATION_TOKEN",
            "QUOTA_EXCEEDED",
            "REQUEST_TOO_LARGE",
            "RESOURCE_NOT_FOUND",
            "THROTTLED",
            "UNAUTHORIZED",
            "UNSUPPORTED_MEDIA_TYPE",
            "WAF_FILTERED");

    private final Map<String, GatewayResponse> responses = SamFolder.real()
            .load(Map.of("CorsAllowedOrigin", "https://shop.example"))
            .api()
            .gatewayResponses();

    @Test
    void every_type_has_a_response_of_its_own() {
        assertThat(responses.keySet()).containsExactlyInAnyOrderElementsOf(TYPES);
    }

    @Test
    void each_is_a_problem_document_with_the_requests_id_that_a_page_may_read() {
        assertThat(responses).allSatisfy((type, response) -> {
            assertThat(response.headers())
                    .containsEntry("Content-Type", new ValueSource.Static("application/problem+json"))
                    .containsEntry("Access-Control-Allow-Origin", new ValueSource.Static("https://shop.example"));
            assertThat(response.headers().get("x-request-id"))
                    .isInstanceOfSatisfying(
                            ValueSource.ContextVariable.class,
                            variable -> assertThat(variable.path()).isEqualTo("extendedRequestId"));
            JsonNode problem = problem(response);
            assertThat(problem.path("type").textValue()).isEqualTo("about:blank");
            assertThat(problem.path("title").textValue()).isNotEmpty();
            assertThat(problem.path("detail").textValue()).isNotEmpty();
            if (type.startsWith("DEFAULT_")) {
                assertThat(response.status()).isEmpty();
            } else {
                assertThat(response.status()).contains(problem.path("status").intValue());
            }
        });
    }

    @Test
    void what_may_be_sent_again_says_when() {
        assertThat(responses.entrySet().stream()
                        .filter(each -> each.getValue().headers().containsKey("Retry-After"))
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        "AUTHORIZER_FAILURE",
                        "DEFAULT_5XX",
                        "INTEGRATION_FAILURE",
                        "INTEGRATION_TIMEOUT",
                        "QUOTA_EXCEEDED",
                        "THROTTLED");
    }

    /** With every variable replaced as API Gateway would: messageString brings its quotes. */
    private static JsonNode problem(GatewayResponse response) {
        assertThat(response.templates()).hasSize(1);
        String text = response.templates().values().iterator().next().text();
        try {
            return new JsonMapper()
                    .readTree(text.replace("$context.error.messageString", "\"m\"")
                            .replaceAll("\\$context\\.[A-Za-z.]*[A-Za-z]", "x"));
        } catch (JsonProcessingException e) {
            throw new AssertionError(response.type() + " is no JSON: " + text, e);
        }
    }
}
