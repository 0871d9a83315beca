package io.orderledger.local.gateway;

import io.orderledger.local.definitions.Integration.Response;
import io.orderledger.local.definitions.ValueSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Turns a back end's answer into the method's, by the integration response that the status selects. Thread-safe. */
final class ResponseMapping {

    private static final String JSON = "application/json";
    private static final String CONTENT_TYPE = "Content-Type";

    private record Prepared(Response response, Optional<MappingTemplate> template) {}

    private final List<Prepared> responses = new ArrayList<>();

    ResponseMapping(List<Response> definitions, Templates engine) {
        for (Response response : definitions) {
            response.headers().values().forEach(source -> ParameterValues.check(source, false));
            responses.add(new Prepared(response, response.template().map(template -> engine.compile(template.text()))));
        }
    }

    /**
     * The method's response.
     *
     * @throws Refusal if no integration response is for this status
     * @throws TemplateFailure if its template cannot be evaluated
     */
    GatewayAnswer map(IntegrationResult result, Exchange exchange) {
        Prepared chosen = select(Integer.toString(result.status()));
        String body = chosen.template()
                .map(template -> template.render(new TemplateInput(result.body(), exchange), exchange))
                .orElse(result.body());
        int status = exchange.overrides().status().orElse(chosen.response().status());
        return new GatewayAnswer(status, headers(chosen.response(), result, exchange), Utf8.encode(body));
    }

    private Prepared select(String status) {
        return responses.stream()
                .filter(prepared -> prepared.response()
                        .selectionPattern()
                        .map(pattern -> pattern.matcher(status).matches())
                        .orElse(false))
                .findFirst()
                .or(() -> responses.stream()
                        .filter(prepared ->
                                prepared.response().selectionPattern().isEmpty())
                        .findFirst())
                .orElseThrow(() -> new Refusal(ResponseType.API_CONFIGURATION_ERROR));
    }

    private static Headers headers(Response response, IntegrationResult result, Exchange exchange) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put(
                CONTENT_TYPE,
                response.template().map(template -> template.mediaType()).orElse(JSON));
        response.headers()
                .forEach(
                        (name, source) -> value(source, result, exchange).ifPresent(value -> headers.put(name, value)));
        headers.putAll(exchange.overrides().responseHeaders());
        Map<String, List<String>> all = new LinkedHashMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        Headers mapped = new Headers(all);
        if (!mapped.areWellFormed()) {
            throw new TemplateFailure(
                    "a header mapped at " + response.location() + " has characters that no header may have");
        }
        return mapped;
    }

    private static Optional<String> value(ValueSource source, IntegrationResult result, Exchange exchange) {
        return ParameterValues.value(source, exchange, result.body(), result.headers());
    }
}
