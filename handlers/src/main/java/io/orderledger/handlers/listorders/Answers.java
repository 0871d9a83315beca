package io.orderledger.handlers.listorders;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Answers as API Gateway's proxy integration wants them. Every one carries the request's ID, and none may be kept by a cache. */
final class Answers {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int INTERNAL_SERVER_ERROR = 500;
    private static final int SERVICE_UNAVAILABLE = 503;

    /** A placed order is listed within this time, unless something is wrong. */
    private static final Duration LISTED_WITHIN = Duration.ofSeconds(2);

    private static final Duration RETRY_WHEN_UNAVAILABLE = Duration.ofSeconds(5);

    private final String requestId;
    private final Optional<String> allowedOrigin;

    /** @param allowedOrigin the origin whose pages may read the answer; empty for none */
    Answers(String requestId, Optional<String> allowedOrigin) {
        this.requestId = requestId;
        this.allowedOrigin = allowedOrigin;
    }

    APIGatewayProxyResponseEvent ok(ObjectNode body) {
        return answer(OK, "application/json", body);
    }

    /** For what may be another answer soon; it says when to look again. */
    APIGatewayProxyResponseEvent notYet(ObjectNode body) {
        return retryAfter(LISTED_WITHIN, ok(body));
    }

    APIGatewayProxyResponseEvent badRequest(String detail) {
        return problem(BAD_REQUEST, "Bad Request", detail);
    }

    /** Somebody who has placed the order just now may be told this too, so it says when to look again. */
    APIGatewayProxyResponseEvent unknownOrder() {
        return retryAfter(
                LISTED_WITHIN, problem(NOT_FOUND, "Not Found", "There is no such order, or it is not recorded yet."));
    }

    /** What was not there at a block will never have been. */
    APIGatewayProxyResponseEvent unknownOrderAsOf(long height) {
        return problem(NOT_FOUND, "Not Found", "There was no such order as of block " + height + ".");
    }

    APIGatewayProxyResponseEvent unknownRoute() {
        return problem(NOT_FOUND, "Not Found", "There is no such route.");
    }

    APIGatewayProxyResponseEvent unavailable() {
        return retryAfter(
                RETRY_WHEN_UNAVAILABLE,
                problem(SERVICE_UNAVAILABLE, "Service Unavailable", "The orders cannot be read at the moment."));
    }

    APIGatewayProxyResponseEvent failed() {
        return problem(
                INTERNAL_SERVER_ERROR, "Internal Server Error", "The request failed. It is in the logs by its ID.");
    }

    /** RFC 9457. */
    private APIGatewayProxyResponseEvent problem(int status, String title, String detail) {
        ObjectNode problem = ListOrders.JSON
                .createObjectNode()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        return answer(status, "application/problem+json", problem);
    }

    private APIGatewayProxyResponseEvent answer(int status, String contentType, ObjectNode body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", contentType);
        headers.put("Cache-Control", "no-store");
        headers.put("x-request-id", requestId);
        allowedOrigin.ifPresent(origin -> {
            headers.put("Access-Control-Allow-Origin", origin);
            headers.put("Access-Control-Expose-Headers", "Retry-After,x-request-id");
        });
        return new APIGatewayProxyResponseEvent()
                .withStatusCode(status)
                .withHeaders(headers)
                .withBody(body.toString())
                .withIsBase64Encoded(false);
    }

    private static APIGatewayProxyResponseEvent retryAfter(Duration wait, APIGatewayProxyResponseEvent answer) {
        answer.getHeaders().put("Retry-After", Long.toString(wait.toSeconds()));
        return answer;
    }
}
