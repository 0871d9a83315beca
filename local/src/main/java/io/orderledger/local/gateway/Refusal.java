package io.orderledger.local.gateway;

import java.util.Optional;

/** The gateway answers the request itself, with the gateway response of the type. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ResponseType type;
    private final String validationError;

    private Refusal(ResponseType type, String message, String validationError) {
        // A refusal is an ordinary answer: it needs no stack trace.
        super(message, null, false, false);
        this.type = type;
        this.validationError = validationError;
    }

    Refusal(ResponseType type) {
        this(type, type.message(), "");
    }

    /** A request without parameters that it must have; API Gateway names them. */
    static Refusal missingParameters(String names) {
        String message = ResponseType.BAD_REQUEST_PARAMETERS.message() + ": [" + names + "]";
        return new Refusal(ResponseType.BAD_REQUEST_PARAMETERS, message, message);
    }

    /** A body that its model refuses. */
    static Refusal invalidBody(String validationError) {
        return new Refusal(
                ResponseType.BAD_REQUEST_BODY, ResponseType.BAD_REQUEST_BODY.message(), "[" + validationError + "]");
    }

    ResponseType type() {
        return type;
    }

    String message() {
        return Optional.ofNullable(getMessage()).orElse(type.message());
    }

    /** What the model says about the body; empty if there was no such check. */
    String validationError() {
        return validationError;
    }
}
