package io.orderledger.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.Route.Parameter.Source;
import io.orderledger.local.definitions.ValueSource;
import java.util.List;
import java.util.Optional;

/** Takes the values of parameter mappings. */
final class ParameterValues {

    private ParameterValues() {}

    /**
     * Checks that a mapping can be executed.
     *
     * @throws DefinitionException if it reads a context variable that the local run does not have
     */
    static void check(ValueSource source, boolean inGatewayResponse) {
        if (source instanceof ValueSource.ContextVariable variable) {
            boolean known = inGatewayResponse
                    ? ContextVariables.isKnownInGatewayResponse(variable.path())
                    : ContextVariables.isKnown(variable.path());
            if (!known) {
                throw new DefinitionException(
                        variable.location(), "the local run does not support context." + variable.path());
            }
        }
    }

    /**
     * The value for one request; empty where the request or the response has none.
     *
     * @param body what {@code method.request.body} or {@code integration.response.body} stands for
     * @param responseHeaders the back end's headers; none while the request is mapped
     */
    static Optional<String> value(ValueSource source, Exchange exchange, String body, Headers responseHeaders) {
        return switch (source) {
            case ValueSource.Static fixed -> Optional.of(fixed.text());
            case ValueSource.ContextVariable variable ->
                Optional.of(ContextVariables.text(exchange, variable.path())).filter(text -> !text.isEmpty());
            case ValueSource.StageVariable variable ->
                Optional.ofNullable(exchange.api().stageVariables().get(variable.name()));
            case ValueSource.RequestParameter(Source from, String name) -> requestParameter(exchange, from, name);
            case ValueSource.ResponseHeader header -> responseHeaders.first(header.name());
            case ValueSource.Body part -> bodyPart(body, part.jsonPath());
        };
    }

    private static Optional<String> requestParameter(Exchange exchange, Source source, String name) {
        return switch (source) {
            case HEADER -> exchange.request().headers().first(name);
            case PATH -> Optional.ofNullable(exchange.pathParameters().get(name));
            case QUERY ->
                Optional.ofNullable(exchange.request().query().get(name)).map(List::getLast);
        };
    }

    private static Optional<String> bodyPart(String body, String path) {
        if (path.equals("$")) {
            return Optional.of(body);
        }
        Optional<JsonNode> found = Json.parse(body).flatMap(document -> Json.find(document, path));
        return found.map(node -> node.isTextual() ? node.textValue() : Json.text(node));
    }
}
