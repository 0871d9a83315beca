package io.orderledger.local.gateway;

import static io.orderledger.local.gateway.RunningGateway.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.definitions.SamFolder;
import java.net.http.HttpResponse;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code PUT /orders/{orderId}/cancellation} of the project's own definitions, over HTTP. */
class CancellingTest {

    private static final String ORDER = "8e03978e-40d5-43e8-bc93-6894a57f9324";
    private static final String EVENT = "11710aed-b79e-4468-a20b-bb3c0c3b4860";
    private static final String OUTPUT = "{\"message\":\"Cancelled\",\"eventId\":\"" + EVENT + "\"}";
    private static final String PATH = "/orders/" + ORDER + "/cancellation";
    private static final RunningGateway GATEWAY =
            new RunningGateway(SamFolder.real().load());

    @AfterAll
    static void stop() {
        GATEWAY.close();
    }

    @BeforeEach
    void succeed() {
        GATEWAY.services().forget();
        GATEWAY.services()
                .answer(call -> call.body().strip().equals("{}")
                        ? RecordingServices.Answer.of(400, "{\"__type\":\"ValidationException\"}")
                        : RecordingServices.Answer.of(200, execution("SUCCEEDED", OUTPUT, "")));
    }

    @Test
    void a_cancellation_starts_the_workflow_and_answers_its_output() {
        HttpResponse<String> response = GATEWAY.sendJson("PUT", PATH, "{\"reason\":\"It's \\\"late\\\" 😀\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().strip()).isEqualTo(OUTPUT);
        assertThat(header(response, "Link")).isEqualTo("<../../requests/" + EVENT + ">; rel=status");
        assertThat(response.uri().resolve("../../requests/" + EVENT).getPath()).isEqualTo("/requests/" + EVENT);
        RecordingServices.Call call = GATEWAY.services().onlyCall();
        assertThat(call.header("x-amz-target")).isEqualTo("AWSStepFunctions.StartSyncExecution");
        assertThat(call.header("content-type")).isEqualTo("application/x-amz-json-1.0");
        JsonNode started = Json.parse(call.body()).orElseThrow();
        assertThat(started.path("stateMachineArn").textValue())
                .isEqualTo("arn:aws:states:eu-west-1:123456789012:stateMachine:orders-cancel-order");
        JsonNode detail = input(started).path("detail");
        assertThat(detail.path("orderId").textValue()).isEqualTo(ORDER);
        assertThat(detail.path("data").path("reason").textValue()).isEqualTo("It's \"late\" 😀");
        assertThat(detail.path("requestId").textValue()).isEqualTo(header(response, "x-request-id"));
    }

    @Test
    void a_cancellation_needs_no_body() {
        HttpResponse<String> response = GATEWAY.send("PUT", PATH, new byte[0], "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(sentDetail().path("data")).isEqualTo(JsonNodeFactory.instance.objectNode());
    }

    @Test
    void the_order_id_is_taken_in_any_case_and_stored_in_lower_case() {
        GATEWAY.send("PUT", PATH.replace(ORDER, ORDER.toUpperCase(Locale.ROOT)), new byte[0], "");

        assertThat(sentDetail().path("orderId").textValue()).isEqualTo(ORDER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "8e03978e-40d5-43e8-bc93-6894a57f932",
                "%22%2C%22x",
                "$util",
                "%23set",
                "8e03978e-40d5-43e8-bc93-6894a57f9324%0A"
            })
    void a_path_without_a_uuid_is_refused(String orderId) {
        HttpResponse<String> response = GATEWAY.sendJson("PUT", "/orders/" + orderId + "/cancellation", "{}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("The order ID in the path must be a UUID.");
        assertThat(GATEWAY.services().onlyCall().body().strip()).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCEEDED, '', 200",
        "FAILED, Conflict, 409",
        "FAILED, InvalidRequest, 400",
        "FAILED, NotStored, 503",
        "FAILED, '', 503",
        "TIMED_OUT, '', 503"
    })
    void the_state_of_the_execution_decides_the_answer(String state, String error, int status) {
        GATEWAY.services().answer(200, execution(state, OUTPUT, error));

        HttpResponse<String> response = GATEWAY.sendJson("PUT", PATH, "{}");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(header(response, "Content-Type"))
                .isEqualTo(status == 200 ? "application/json" : "application/problem+json");
        assertThat(header(response, "Retry-After").isEmpty()).isEqualTo(status != 503);
    }

    @ParameterizedTest
    @CsvSource({"400, 503", "500, 503", "503, 503"})
    void a_service_that_refuses_is_answered_503(int answered, int status) {
        GATEWAY.services().answer(answered, "{\"__type\":\"StateMachineDoesNotExist\"}");

        assertThat(GATEWAY.sendJson("PUT", PATH, "{}").statusCode()).isEqualTo(status);
    }

    private static String execution(String status, String output, String error) {
        ObjectNode execution = JsonNodeFactory.instance.objectNode();
        execution.put("status", status);
        if (status.equals("SUCCEEDED")) {
            execution.put("output", output);
        } else if (!error.isEmpty()) {
            execution.put("error", error);
        }
        return execution.toString();
    }

    private static JsonNode sentDetail() {
        JsonNode started = Json.parse(GATEWAY.services().onlyCall().body()).orElseThrow();
        return input(started).path("detail");
    }

    private static JsonNode input(JsonNode started) {
        return Json.parse(started.path("input").textValue()).orElseThrow();
    }
}
