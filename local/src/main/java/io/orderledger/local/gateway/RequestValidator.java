package io.orderledger.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.definitions.Route;
import io.orderledger.local.definitions.Route.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The request validator of one route. Thread-safe. */
final class RequestValidator {

    private final Route route;
    private final Map<String, BodyModel> models = new LinkedHashMap<>();

    RequestValidator(Route route) {
        this.route = route;
        if (route.validation().body()) {
            route.models().forEach((mediaType, schema) -> models.put(mediaType, new BodyModel(schema)));
        }
    }

    /**
     * Checks what the route's validator looks at.
     *
     * @param body the request's body; an empty one stands for an empty object, as it does to templates
     * @throws Refusal if a parameter is missing, or the body is not what its model says
     */
    void validate(Exchange exchange, String body) {
        if (route.validation().parameters()) {
            requireParameters(exchange);
        }
        BodyModel model = models.get(exchange.request().mediaType());
        if (model != null) {
            Optional<JsonNode> document = Json.parse(body.isEmpty() ? "{}" : body);
            String error = document.map(model::errors).orElse("the body is not one valid JSON value");
            if (!error.isEmpty()) {
                throw Refusal.invalidBody(error);
            }
        }
    }

    private void requireParameters(Exchange exchange) {
        String missing = route.parameters().stream()
                .filter(Parameter::required)
                .filter(parameter -> !isThere(parameter, exchange))
                .map(Parameter::name)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw Refusal.missingParameters(missing);
        }
    }

    private static boolean isThere(Parameter parameter, Exchange exchange) {
        return switch (parameter.source()) {
            case PATH -> exchange.pathParameters().containsKey(parameter.name());
            case QUERY -> exchange.request().query().containsKey(parameter.name());
            case HEADER -> exchange.request().headers().first(parameter.name()).isPresent();
        };
    }
}
