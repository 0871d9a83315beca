package io.orderledger.local.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.orderledger.local.functions.FunctionInvoker;
import io.orderledger.local.functions.FunctionUnavailable;
import io.orderledger.local.functions.InvocationResult;
import io.orderledger.local.queues.QueueSender;
import io.orderledger.local.queues.QueuesUnusable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/** The services' side of Task states: requests, results and error names as Step Functions has them. */
final class Tasks {

    private static final int STATUS_OK = 200;
    private static final String LAMBDA_UNKNOWN = "Lambda.Unknown";

    private final FunctionInvoker functions;
    private final QueueSender queues;

    Tasks(FunctionInvoker functions, QueueSender queues) {
        this.functions = functions;
        this.queues = queues;
    }

    /**
     * Calls a service and waits for its answer.
     *
     * @throws StateFailure with the service's error
     */
    JsonNode call(Integration integration, JsonNode parameters) {
        return switch (integration) {
            case LAMBDA_INVOKE -> invoke(parameters);
            case SQS_SEND_MESSAGE -> send(parameters);
        };
    }

    private JsonNode invoke(JsonNode parameters) {
        JsonNode payload = parameters.has("Payload") ? parameters.get("Payload") : LocatedJson.JSON.createObjectNode();
        byte[] event = Intrinsic.written(payload).getBytes(StandardCharsets.UTF_8);
        try {
            return switch (functions.invoke(text(parameters, "FunctionName"), event)) {
                case InvocationResult.Success success -> invoked(success.payload());
                case InvocationResult.Failure failure -> throw functionError(failure.errorPayload());
            };
        } catch (FunctionUnavailable e) {
            throw new StateFailure("Lambda." + e.reason().errorCode(), String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode invoked(byte[] payload) {
        ObjectNode result = LocatedJson.JSON.createObjectNode();
        result.put("ExecutedVersion", "$LATEST");
        result.set("Payload", jsonOrText(payload));
        putMetadata(result);
        result.put("StatusCode", STATUS_OK);
        return result;
    }

    private static StateFailure functionError(byte[] errorPayload) {
        JsonNode error = jsonOrText(errorPayload);
        String type = error.path("errorType").asText("");
        return new StateFailure(
                type.isEmpty() ? LAMBDA_UNKNOWN : type, new String(errorPayload, StandardCharsets.UTF_8));
    }

    private JsonNode send(JsonNode parameters) {
        String url = text(parameters, "QueueUrl");
        String arn = queues.arnOf(url)
                .orElseThrow(() -> new StateFailure(
                        "SQS.QueueDoesNotExistException", "The specified queue does not exist: " + url));
        JsonNode body = parameters.get("MessageBody");
        try {
            var sent = queues.send(arn, body.isTextual() ? body.textValue() : Intrinsic.written(body), Map.of());
            ObjectNode result = LocatedJson.JSON.createObjectNode();
            result.put("MD5OfMessageBody", sent.md5OfBody());
            result.put("MessageId", sent.messageId());
            putMetadata(result);
            return result;
        } catch (QueuesUnusable e) {
            throw new StateFailure("SQS.SdkClientException", String.valueOf(e.getMessage()));
        }
    }

    private static void putMetadata(ObjectNode result) {
        result.putObject("SdkHttpMetadata").put("HttpStatusCode", STATUS_OK);
        result.putObject("SdkResponseMetadata")
                .put("RequestId", UUID.randomUUID().toString());
    }

    private static String text(JsonNode parameters, String name) {
        JsonNode value = parameters.path(name);
        if (!value.isTextual()) {
            throw new StateFailure(StateFailure.RUNTIME, "The parameter " + name + " is not a string");
        }
        return value.textValue();
    }

    private static JsonNode jsonOrText(byte[] payload) {
        try {
            JsonNode json = LocatedJson.JSON.readTree(payload);
            return json.isMissingNode() ? LocatedJson.JSON.nullNode() : json;
        } catch (JsonProcessingException _) {
            return TextNode.valueOf(new String(payload, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory are always readable", e);
        }
    }
}
