package io.orderledger.local.gateway;

/**
 * A mapping template could not be evaluated. The caller gets what API Gateway answers to a broken configuration (500), the log
 * gets the place; neither gets what the request carried.
 */
final class TemplateFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason without anything from the request */
    TemplateFailure(String reason) {
        super(reason);
    }

    TemplateFailure(String reason, Throwable cause) {
        super(reason, cause);
    }
}
