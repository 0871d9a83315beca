package io.orderledger.local.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.workflow.ExecutionRefused;
import io.orderledger.local.workflow.ExecutionResult;
import io.orderledger.local.workflow.SyncExecution;
import io.orderledger.local.workflow.Workflows;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** Step Functions' operations in awsJson1_0. */
final class StatesApi {

    static final String TARGET_PREFIX = "AWSStepFunctions.";
    private static final String CONTENT_TYPE = "application/x-amz-json-1.0";
    private static final int MILLIS_DIGITS = 3;
    private static final int MEMORY_OF_AN_EXECUTION_MEGABYTES = 64;
    private static final long BILLING_STEP_MILLIS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Workflows workflows;

    StatesApi(Workflows workflows) {
        this.workflows = workflows;
    }

    Reply answer(String operation, JsonNode request, Call call) throws InterruptedException {
        String type = call.answerType(CONTENT_TYPE);
        if (!operation.equals("StartSyncExecution")) {
            return Reply.error(
                    Reply.BAD_REQUEST, type, "UnknownOperationException", operation + " is not supported here");
        }
        try {
            return Reply.json(Reply.OK, type, json(workflows.startSyncExecution(request)));
        } catch (ExecutionRefused e) {
            return Reply.error(Reply.BAD_REQUEST, type, e.errorCode(), String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode json(SyncExecution execution) {
        ObjectNode answer = JSON.createObjectNode()
                .put("executionArn", execution.executionArn())
                .put("stateMachineArn", execution.stateMachineArn())
                .put("name", execution.name())
                .put("startDate", seconds(execution.startDate()))
                .put("stopDate", seconds(execution.stopDate()))
                .put("input", execution.input());
        answer.putObject("inputDetails").put("included", true);
        switch (execution.result()) {
            case ExecutionResult.Succeeded succeeded -> {
                answer.put("status", "SUCCEEDED").put("output", succeeded.output());
                answer.putObject("outputDetails").put("included", true);
            }
            case ExecutionResult.Failed failed -> {
                answer.put("status", "FAILED");
                failed.error().ifPresent(error -> answer.put("error", error));
                failed.cause().ifPresent(cause -> answer.put("cause", cause));
            }
            case ExecutionResult.TimedOut _ -> answer.put("status", "TIMED_OUT").put("error", "States.Timeout");
        }
        long millis =
                Duration.between(execution.startDate(), execution.stopDate()).toMillis();
        answer.putObject("billingDetails")
                .put("billedMemoryUsedInMB", MEMORY_OF_AN_EXECUTION_MEGABYTES)
                .put("billedDurationInMilliseconds", Math.ceilDiv(millis, BILLING_STEP_MILLIS) * BILLING_STEP_MILLIS);
        return answer;
    }

    private static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), MILLIS_DIGITS);
    }
}
