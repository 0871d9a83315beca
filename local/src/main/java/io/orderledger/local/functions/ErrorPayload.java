package io.orderledger.local.functions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;

/** Lambda's error documents, as its Java runtime and its sandbox write them. */
public final class ErrorPayload {

    /** How deep causes are followed; a chain may be a ring. */
    private static final int CAUSES_LIMIT = 8;

    private static final ObjectMapper JSON = new ObjectMapper();

    private ErrorPayload() {}

    /** Of a handler that threw. */
    public static byte[] thrown(Throwable failure) {
        return bytes(document(failure, CAUSES_LIMIT));
    }

    /** Of a function that took longer than it may. */
    public static byte[] timedOut(String requestId, Duration timeout) {
        String seconds = String.format(Locale.ROOT, "%.2f", timeout.toMillis() / 1000.0);
        return sandbox("Sandbox.Timedout", requestId, "Task timed out after " + seconds + " seconds");
    }

    static byte[] responseTooLarge(int sizeBytes, int limitBytes) {
        return bytes(JSON.createObjectNode()
                .put(
                        "errorMessage",
                        "Response payload size (" + sizeBytes + " bytes) exceeded maximum allowed payload size ("
                                + limitBytes + " bytes).")
                .put("errorType", "Function.ResponseSizeTooLarge"));
    }

    private static byte[] sandbox(String type, String requestId, String message) {
        return bytes(JSON.createObjectNode()
                .put("errorMessage", "RequestId: " + requestId + " Error: " + message)
                .put("errorType", type));
    }

    private static ObjectNode document(Throwable failure, int causesLeft) {
        ObjectNode document = JSON.createObjectNode()
                .put("errorMessage", failure.getMessage())
                .put("errorType", failure.getClass().getName());
        ArrayNode stackTrace = document.putArray("stackTrace");
        for (StackTraceElement frame : failure.getStackTrace()) {
            stackTrace.add(frame.toString());
        }
        Throwable cause = failure.getCause();
        if (cause != null && causesLeft > 0) {
            document.set("cause", document(cause, causesLeft - 1));
        }
        return document;
    }

    private static byte[] bytes(ObjectNode document) {
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an error document is always writable", e);
        }
    }
}
