package io.orderledger.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.definitions.Integration;
import java.util.Map;

/** {@code mock}: the request template says <code>{"statusCode": n}</code>, which selects the response. Thread-safe. */
final class MockBackend implements Backend {

    private final RequestMapping requestMapping;
    private final ResponseMapping responseMapping;

    MockBackend(Integration.Mock mock, Templates templates) {
        this.requestMapping = new RequestMapping(mock.requestTemplates(), mock.passthrough(), templates);
        this.responseMapping = new ResponseMapping(mock.responses(), templates);
    }

    @Override
    public GatewayAnswer serve(Exchange exchange, String body) {
        int status = Json.parse(requestMapping.map(exchange, body))
                .map(document -> document.path("statusCode"))
                .filter(JsonNode::isInt)
                .map(JsonNode::intValue)
                .orElseThrow(() -> new Refusal(ResponseType.API_CONFIGURATION_ERROR));
        return responseMapping.map(new IntegrationResult(status, new Headers(Map.of()), ""), exchange);
    }
}
