package io.orderledger.local.cli;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** Asks one of the product's functions: it has the rights on the database and the queues, and whoever asks needs none. */
interface FunctionCall extends AutoCloseable {
    /**
     * The answer, which is a JSON object.
     *
     * @throws FunctionFailed if the function failed; what it did before that is done
     */
    ObjectNode answer(ObjectNode request);

    @Override
    void close();

    /** The function said no, or failed. */
    final class FunctionFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FunctionFailed(String message) {
            super(message);
        }
    }

    /** By Lambda's API, on AWS or of a running instance. */
    record Invoked(LambdaClient functions, String name) implements FunctionCall {
        private static final JsonMapper JSON = new JsonMapper();

        @Override
        public ObjectNode answer(ObjectNode request) {
            InvokeResponse response = functions.invoke(
                    invoke -> invoke.functionName(name).payload(SdkBytes.fromUtf8String(request.toString())));
            ObjectNode answer = object(response.payload().asUtf8String());
            if (response.functionError() != null) {
                throw new FunctionFailed("the function " + name + " failed: "
                        + answer.path("errorMessage").asText(response.functionError()));
            }
            return answer;
        }

        @Override
        public void close() {
            functions.close();
        }

        static ObjectNode object(String json) {
            try {
                JsonNode answer = JSON.readTree(json);
                if (answer instanceof ObjectNode object) {
                    return object;
                }
            } catch (JsonProcessingException e) {
                throw new FunctionFailed("the function's answer is not JSON");
            }
            throw new FunctionFailed("the function's answer is no JSON object");
        }
    }

    /** The same code in this process, for a database that is reached directly. */
    record InProcess(RequestStreamHandler handler, Duration timeout) implements FunctionCall {
        @Override
        public ObjectNode answer(ObjectNode request) {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                handler.handleRequest(
                        new ByteArrayInputStream(request.toString().getBytes(StandardCharsets.UTF_8)),
                        answer,
                        new CommandContext(timeout));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Invoked.object(answer.toString(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            // The connection ends with the process.
        }
    }
}
