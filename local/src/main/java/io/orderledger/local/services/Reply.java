package io.orderledger.local.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** An HTTP answer. */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way out; compared by nobody
record Reply(int status, String contentType, Map<String, String> headers, byte[] body) {

    static final int OK = 200;
    static final int BAD_REQUEST = 400;
    static final int FORBIDDEN = 403;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int TOO_LARGE = 413;
    static final int INTERNAL_ERROR = 500;
    static final int UNAVAILABLE = 503;

    private static final String DEFAULT_CONTENT_TYPE = "application/x-amz-json-1.1";
    private static final ObjectMapper JSON = new ObjectMapper();

    static Reply json(int status, String contentType, JsonNode body) {
        try {
            return new Reply(status, contentType, Map.of(), JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is always writable", e);
        }
    }

    /** An error as AWS's JSON protocols write it. */
    static Reply error(int status, String contentType, String type, String message) {
        return json(
                status, contentType, JSON.createObjectNode().put("__type", type).put("message", message));
    }

    /** An error for a request whose protocol is not known yet. */
    static Reply error(int status, String type, String message) {
        return error(status, DEFAULT_CONTENT_TYPE, type, message);
    }
}
