package io.orderledger.local.gateway;

import static io.orderledger.local.gateway.RunningGateway.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.definitions.StackContext;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the project's own API does not use, on an API made for this. */
class MappingTest {

    private static final Path FIXTURE = Path.of("src/test/resources/gateway-fixture");
    private static final RunningGateway GATEWAY =
            new RunningGateway(Stack.load(FIXTURE, new StackContext("eu-west-1", "123456789012", "fixture", Map.of())));

    @AfterAll
    static void stop() {
        GATEWAY.close();
    }

    @BeforeEach
    void forget() {
        GATEWAY.services().forget();
        GATEWAY.services().answer(200, "{}");
        GATEWAY.functions().forget();
        GATEWAY.functions().answer("{\"statusCode\":200}");
    }

    @Test
    void a_mock_answers_by_the_status_that_its_request_template_says() {
        HttpResponse<String> fine = GATEWAY.get("/mock/204", "x-amzn-RequestId", "mine");
        HttpResponse<String> teapot = GATEWAY.get("/mock/500");

        assertThat(fine.statusCode()).isEqualTo(200);
        assertThat(fine.body()).isEqualTo("Hello, a+b");
        assertThat(header(fine, "Content-Type")).isEqualTo("text/plain");
        assertThat(header(fine, "X-Static")).isEqualTo("always");
        assertThat(header(fine, "X-Id")).isEqualTo("mine");
        assertThat(teapot.statusCode()).isEqualTo(418);
        assertThat(teapot.body()).isEqualTo("{\"asked\":\"500\"}");
    }

    @Test
    void a_template_reads_body_parameters_context_and_utilities() {
        HttpResponse<String> response = GATEWAY.sendJson(
                "POST",
                "/values?limit=1&limit=2",
                "{\"list\":[\"a\\\"b\",\"$x\"],\"number\":12345678901234567890.10,\"object\":{\"inner\":\"in\"}}",
                "X-Tenant",
                "acme");

        assertThat(response.statusCode()).isEqualTo(200);
        RecordingServices.Call call = GATEWAY.services().onlyCall();
        JsonNode sent = Json.parse(call.body().replace("a\"b\"", "a\\\"b\"")).orElseThrow();
        assertThat(sent).isEqualTo(Json.parse("""
                {"tenant":"acme","limit":"2","query":"2","missing":"","size":2,"items":["a\\"b","$x"],"absent":"","absentJson":"",
                 "number":12345678901234567890.10,"path":"/test/values","resourcePath":"/values","parsed":"in","base64":"a\\"b",
                 "decoded":"a b"}""").orElseThrow());
        assertThat(call.header("x-tenant")).isEqualTo("acme");
        assertThat(call.header("x-limit")).isEqualTo("2");
        assertThat(call.header("x-stage")).isEqualTo("Hello");
    }

    @Test
    void a_response_without_a_template_passes_with_its_mapped_headers() {
        GATEWAY.services()
                .answer(_ -> new RecordingServices.Answer(200, Map.of("X-Served-By", "one"), "{\"event\":\"e1\"}"));

        HttpResponse<String> response =
                GATEWAY.sendJson("POST", "/values?limit=1", "{\"list\":[\"a\"],\"object\":{}}", "X-Tenant", "acme");

        assertThat(response.body()).isEqualTo("{\"event\":\"e1\"}");
        assertThat(header(response, "X-Backend")).isEqualTo("one");
        assertThat(header(response, "X-Event")).isEqualTo("e1");
    }

    @Test
    void a_missing_parameter_is_named() {
        HttpResponse<String> both = GATEWAY.sendJson("POST", "/values", "{}");
        HttpResponse<String> one = GATEWAY.sendJson("POST", "/values", "{}", "x-tenant", "acme");

        assertThat(both.statusCode()).isEqualTo(400);
        assertThat(both.body()).isEqualTo("{\"message\":\"Missing required request parameters: [limit, X-Tenant]\"}");
        assertThat(one.body()).isEqualTo("{\"message\":\"Missing required request parameters: [limit]\"}");
        assertThat(GATEWAY.services().calls()).isEmpty();
    }

    @Test
    void a_body_of_a_type_without_a_template_passes_where_the_integration_lets_it() {
        GATEWAY.send("POST", "/values?limit=1", "<x/>".getBytes(StandardCharsets.UTF_8), "text/xml", "X-Tenant", "a");

        assertThat(GATEWAY.services().onlyCall().body()).isEqualTo("<x/>");
    }

    @Test
    void a_template_that_reads_a_body_which_is_no_json_fails_the_request() {
        HttpResponse<String> response = GATEWAY.sendJson("POST", "/values?limit=1", "no json", "X-Tenant", "acme");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(GATEWAY.services().calls()).isEmpty();
    }

    @Test
    void a_back_end_that_takes_too_long_is_504() {
        CountDownLatch release = new CountDownLatch(1);
        GATEWAY.services().answer(_ -> {
            await(release);
            return RecordingServices.Answer.of(200, "{}");
        });
        GATEWAY.functions().answer(() -> {
            await(release);
            return ScriptedFunctions.success("{\"statusCode\":200}");
        });

        HttpResponse<String> service =
                GATEWAY.sendJson("POST", "/values?limit=1", "{\"list\":[\"a\"],\"object\":{}}", "X-Tenant", "acme");
        HttpResponse<String> function = GATEWAY.get("/functions/one");
        release.countDown();

        assertThat(service.statusCode()).isEqualTo(504);
        assertThat(service.body()).isEqualTo("{\"message\":\"Endpoint request timed out\"}");
        assertThat(function.statusCode()).isEqualTo(504);
    }

    @Test
    void a_status_that_no_response_is_for_is_500() {
        assertThat(GATEWAY.get("/nowhere").statusCode()).isEqualTo(500);
    }

    @Test
    void a_second_override_of_the_same_thing_fails_the_request() {
        assertThat(GATEWAY.get("/twice").statusCode()).isEqualTo(500);
    }

    @Test
    void a_method_that_does_not_exist_fails_the_request() {
        HttpResponse<String> response = GATEWAY.get("/broken?secret=hush");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("{\"message\":\"Internal server error\"}");
    }

    @Test
    void a_value_with_a_line_break_makes_no_second_header() {
        HttpResponse<String> fine = GATEWAY.get("/header?echo=a%20b");
        HttpResponse<String> split = GATEWAY.get("/header?echo=a%0D%0ASet-Cookie:%20b");

        assertThat(header(fine, "X-Echo")).isEqualTo("a b");
        assertThat(split.statusCode()).isEqualTo(500);
        assertThat(header(split, "Set-Cookie")).isEmpty();
    }

    @Test
    void more_requests_than_the_burst_are_429() {
        assertThat(GATEWAY.get("/limited").statusCode()).isEqualTo(200);
        assertThat(GATEWAY.get("/limited").statusCode()).isEqualTo(200);
        HttpResponse<String> response = GATEWAY.get("/limited");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(header(response, "x-amzn-ErrorType")).isEqualTo("TooManyRequestsException");
        assertThat(GATEWAY.get("/twice").statusCode()).isEqualTo(500);
    }

    @Test
    void a_function_is_invoked_only_with_a_permission_for_its_method() {
        assertThat(GATEWAY.get("/functions/one").statusCode()).isEqualTo(200);
        assertThat(GATEWAY.functions().onlyInvocation().functionArn()).endsWith("function:fixture-Permitted");
        GATEWAY.functions().forget();

        assertThat(GATEWAY.sendJson("POST", "/functions/one", "{}").statusCode())
                .isEqualTo(500);
        assertThat(GATEWAY.functions().invocations()).isEmpty();
    }

    @Test
    void stage_variables_reach_functions() {
        GATEWAY.get("/functions/one");

        assertThat(GATEWAY.functions()
                        .onlyInvocation()
                        .event()
                        .path("stageVariables")
                        .path("greeting")
                        .textValue())
                .isEqualTo("Hello");
    }

    @Test
    void an_unknown_route_gets_its_gateway_response_with_values_as_data() {
        HttpResponse<String> response = GATEWAY.get("/no%22route/$context.requestId?asked=$util%0D%0AX-Evil:%201");
        HttpResponse<String> method = GATEWAY.sendJson("DELETE", "/limited?asked=why", "{}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Json.parse(response.body()).orElseThrow())
                .isEqualTo(Json.parse("""
                        {"path":"/test/no%22route/$context.requestId","type":"MISSING_AUTHENTICATION_TOKEN",
                         "message":"Missing Authentication Token"}""").orElseThrow());
        assertThat(header(response, "X-Evil")).isEmpty();
        assertThat(method.statusCode()).isEqualTo(404);
        assertThat(header(method, "X-Asked")).isEqualTo("why");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
