package io.orderledger.local.gateway;

import static io.orderledger.local.gateway.RunningGateway.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.definitions.SamFolder;
import io.orderledger.local.functions.FunctionUnavailable;
import io.orderledger.local.functions.InvocationResult;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxy integrations of the project's own definitions, over HTTP. */
class FunctionCallTest {

    private static final String ORDER = "8e03978e-40d5-43e8-bc93-6894a57f9324";
    private static final RunningGateway GATEWAY =
            new RunningGateway(SamFolder.real().load());

    @AfterAll
    static void stop() {
        GATEWAY.close();
    }

    @BeforeEach
    void succeed() {
        GATEWAY.functions().forget();
        GATEWAY.functions().answer("{\"statusCode\":200}");
    }

    @Test
    void the_function_gets_the_request_as_the_documented_event() {
        HttpResponse<String> response =
                GATEWAY.get("/orders?status=PLACED&limit=2&status=CANCELLED&customer=O%27Brien+%C3%A9", "X-Thing", "a");

        ScriptedFunctions.Invocation invocation = GATEWAY.functions().onlyInvocation();
        assertThat(invocation.functionArn())
                .isEqualTo("arn:aws:lambda:eu-west-1:123456789012:function:orders-ListOrdersFunction:live");
        JsonNode event = invocation.event();
        assertThat(event.path("resource").textValue()).isEqualTo("/orders");
        assertThat(event.path("path").textValue()).isEqualTo("/orders");
        assertThat(event.path("httpMethod").textValue()).isEqualTo("GET");
        assertThat(event.path("queryStringParameters"))
                .isEqualTo(json("{\"status\":\"CANCELLED\",\"limit\":\"2\",\"customer\":\"O'Brien é\"}"));
        assertThat(event.path("multiValueQueryStringParameters").path("status"))
                .isEqualTo(json("[\"PLACED\",\"CANCELLED\"]"));
        assertThat(event.path("headers").path("X-Thing").textValue()).isEqualTo("a");
        assertThat(event.path("multiValueHeaders").path("X-Thing")).isEqualTo(json("[\"a\"]"));
        assertThat(event.path("pathParameters").isNull()).isTrue();
        assertThat(event.path("stageVariables").isNull()).isTrue();
        assertThat(event.path("body").isNull()).isTrue();
        assertThat(event.path("isBase64Encoded").booleanValue()).isFalse();
        JsonNode context = event.path("requestContext");
        assertThat(context.path("stage").textValue()).isEqualTo("live");
        assertThat(context.path("path").textValue()).isEqualTo("/live/orders");
        assertThat(context.path("extendedRequestId").textValue()).isEqualTo(header(response, "x-amz-apigw-id"));
        assertThat(context.path("requestId").textValue()).isEqualTo(header(response, "x-amzn-RequestId"));
        assertThat(context.path("identity").path("sourceIp").textValue()).isEqualTo("127.0.0.1");
        assertThat(context.path("identity").path("userArn").isNull()).isTrue();
    }

    @Test
    void a_request_without_query_has_null_maps_and_the_path_variable() {
        GATEWAY.get("/orders/" + ORDER + "/history");

        JsonNode event = GATEWAY.functions().onlyInvocation().event();
        assertThat(event.path("resource").textValue()).isEqualTo("/orders/{orderId}/history");
        assertThat(event.path("pathParameters")).isEqualTo(json("{\"orderId\":\"" + ORDER + "\"}"));
        assertThat(event.path("queryStringParameters").isNull()).isTrue();
        assertThat(event.path("multiValueQueryStringParameters").isNull()).isTrue();
    }

    @Test
    void the_fate_of_a_request_is_asked_of_the_same_function() {
        GATEWAY.get("/requests/" + ORDER);

        ScriptedFunctions.Invocation invocation = GATEWAY.functions().onlyInvocation();
        assertThat(invocation.functionArn())
                .isEqualTo("arn:aws:lambda:eu-west-1:123456789012:function:orders-ListOrdersFunction:live");
        assertThat(invocation.event().path("resource").textValue()).isEqualTo("/requests/{eventId}");
        assertThat(invocation.event().path("pathParameters")).isEqualTo(json("{\"eventId\":\"" + ORDER + "\"}"));
    }

    @Test
    void the_client_may_set_the_request_id_but_not_the_extended_one() {
        HttpResponse<String> response = GATEWAY.get("/orders", "x-amzn-requestid", "mine");

        JsonNode context = GATEWAY.functions().onlyInvocation().event().path("requestContext");
        assertThat(context.path("requestId").textValue()).isEqualTo("mine");
        assertThat(context.path("extendedRequestId").textValue())
                .isNotEqualTo("mine")
                .isEqualTo(header(response, "x-amz-apigw-id"));
    }

    @Test
    void the_functions_answer_is_the_response() {
        GATEWAY.functions().answer("""
                {"statusCode":404,"headers":{"content-type":"application/problem+json","Retry-After":1},
                 "multiValueHeaders":{"X-Many":["a","b"]},"body":"{\\"title\\":\\"é😀\\"}"}""");

        HttpResponse<String> response = GATEWAY.get("/orders/" + ORDER);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(header(response, "Retry-After")).isEqualTo("1");
        assertThat(response.headers().allValues("X-Many")).containsExactly("a", "b");
        assertThat(response.body()).isEqualTo("{\"title\":\"é😀\"}");
    }

    @Test
    void headers_that_are_the_gateways_own_are_renamed() {
        GATEWAY.functions()
                .answer(
                        "{\"statusCode\":200,\"headers\":{\"Content-Length\":\"1\",\"Connection\":\"close\"},\"body\":\"abc\"}");

        HttpResponse<String> response = GATEWAY.get("/orders");

        assertThat(response.body()).isEqualTo("abc");
        assertThat(header(response, "x-amzn-Remapped-Content-Length")).isEqualTo("1");
        assertThat(header(response, "x-amzn-Remapped-Connection")).isEqualTo("close");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "not json",
                "{}",
                "{\"statusCode\":\"ok\"}",
                "{\"statusCode\":99}",
                "{\"statusCode\":600}",
                "{\"statusCode\":200,\"body\":{}}",
                "{\"statusCode\":200,\"extra\":1}",
                "{\"statusCode\":200,\"headers\":[]}",
                "{\"statusCode\":200,\"headers\":{\"X\":{}}}",
                "{\"statusCode\":200,\"multiValueHeaders\":{\"X\":\"a\"}}",
                "{\"statusCode\":200,\"headers\":{\"X\":\"a\\r\\nSet-Cookie: b\"}}",
                "{\"statusCode\":200,\"headers\":{\"X Y\":\"a\"}}"
            })
    void an_answer_of_another_form_is_502(String answer) {
        GATEWAY.functions().answer(answer);

        HttpResponse<String> response = GATEWAY.get("/orders");

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(header(response, "Set-Cookie")).isEmpty();
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void a_function_that_fails_is_502_and_its_error_stays_inside() {
        byte[] error = "{\"errorMessage\":\"secret\",\"errorType\":\"X\"}".getBytes(StandardCharsets.UTF_8);
        GATEWAY.functions().answer(() -> new InvocationResult.Failure(error));

        HttpResponse<String> response = GATEWAY.get("/orders");

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body()).doesNotContain("secret");
    }

    @Test
    void a_function_that_cannot_be_invoked_is_500() {
        GATEWAY.functions().answer(() -> {
            throw new FunctionUnavailable(FunctionUnavailable.Reason.THROTTLED, "arn", "too many at once");
        });

        assertThat(GATEWAY.get("/orders").statusCode()).isEqualTo(500);
    }

    @Test
    void a_function_without_a_permission_for_this_api_is_not_invoked(@TempDir Path directory) {
        SamFolder sam = SamFolder.copyIn(directory);
        sam.replace("template.yaml", "/GET/orders*", "/POST/orders*");
        try (RunningGateway gateway = new RunningGateway(sam.load(Map.of()))) {
            HttpResponse<String> response = gateway.get("/orders");

            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(gateway.functions().invocations()).isEmpty();
        }
    }

    private static JsonNode json(String text) {
        return Json.parse(text).orElseThrow();
    }
}
