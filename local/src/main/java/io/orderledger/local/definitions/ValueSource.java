package io.orderledger.local.definitions;

/** Where a mapped parameter takes its value from: the right side of a parameter mapping. */
public sealed interface ValueSource {

    /** {@code 'text'}. */
    record Static(String text) implements ValueSource {}

    /** {@code method.request.header.Name} and its like. */
    record RequestParameter(Route.Parameter.Source source, String name) implements ValueSource {}

    /** {@code method.request.body} or {@code integration.response.body}, with a JSONPath ({@code $} for all of it). */
    record Body(String jsonPath) implements ValueSource {}

    /** {@code integration.response.header.Name}. */
    record ResponseHeader(String name) implements ValueSource {}

    /** {@code context.extendedRequestId} and its like, without {@code context.}. */
    record ContextVariable(Location location, String path) implements ValueSource {}

    /** {@code stageVariables.name}. */
    record StageVariable(String name) implements ValueSource {}
}
