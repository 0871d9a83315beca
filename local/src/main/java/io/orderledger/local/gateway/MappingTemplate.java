package io.orderledger.local.gateway;

/** A mapping template that was checked and can be evaluated. Thread-safe. */
interface MappingTemplate {

    /**
     * The template's text for one request.
     *
     * @throws TemplateFailure if it cannot be evaluated
     */
    String render(TemplateInput input, Exchange exchange);
}
