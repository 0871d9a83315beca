package io.orderledger.local.definitions;

import java.util.List;
import java.util.Map;

/**
 * The REST API: an {@code AWS::Serverless::Api} with its OpenAPI document.
 *
 * @param id the ID that API Gateway would give it
 * @param arn of the API for {@code execute-api}; a method's source ARN is this, the stage, the method and the path
 * @param gatewayResponses what API Gateway answers by itself, by response type, where the document says it
 */
public record Api(
        Location location,
        String logicalId,
        String id,
        String arn,
        String region,
        String accountId,
        String stage,
        Map<String, String> stageVariables,
        List<Route> routes,
        Map<String, GatewayResponse> gatewayResponses) {

    public Api {
        stageVariables = Map.copyOf(stageVariables);
        routes = List.copyOf(routes);
        gatewayResponses = Map.copyOf(gatewayResponses);
    }
}
