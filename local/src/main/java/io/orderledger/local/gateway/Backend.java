package io.orderledger.local.gateway;

/** What stands behind a route, ready to be called. Thread-safe. */
interface Backend {

    /**
     * Serves a request.
     *
     * @param body the request's body as text
     * @throws Refusal if the gateway answers by itself
     * @throws TemplateFailure if a template cannot be evaluated
     */
    GatewayAnswer serve(Exchange exchange, String body);
}
