package io.orderledger.local.gateway;

/** The gateway responses that occur in the local run, with API Gateway's own status, message and error type. */
enum ResponseType {
    API_CONFIGURATION_ERROR(500, "Internal server error", "InternalServerErrorException"),
    BAD_REQUEST_BODY(400, "Invalid request body", "BadRequestException"),
    BAD_REQUEST_PARAMETERS(400, "Missing required request parameters", "BadRequestException"),
    INTEGRATION_FAILURE(504, "Network error communicating with endpoint", "InternalServerErrorException"),
    INTEGRATION_TIMEOUT(504, "Endpoint request timed out", "InternalServerErrorException"),
    /** A function's answer that is no proxy response, or a function that failed. It has no type of its own on AWS. */
    MALFORMED_PROXY_RESPONSE(502, "Internal server error", "InternalServerErrorException"),
    MISSING_AUTHENTICATION_TOKEN(403, "Missing Authentication Token", "MissingAuthenticationTokenException"),
    THROTTLED(429, "Too Many Requests", "TooManyRequestsException"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type", "BadRequestException");

    private static final int FIRST_SERVER_ERROR = 500;

    private final int status;
    private final String message;
    private final String errorType;

    ResponseType(int status, String message, String errorType) {
        this.status = status;
        this.message = message;
        this.errorType = errorType;
    }

    int status() {
        return status;
    }

    String message() {
        return message;
    }

    /** The value of the header {@code x-amzn-ErrorType}. */
    String errorType() {
        return errorType;
    }

    /** The type whose response is used where this one has none. */
    String fallback() {
        return status < FIRST_SERVER_ERROR ? "DEFAULT_4XX" : "DEFAULT_5XX";
    }
}
