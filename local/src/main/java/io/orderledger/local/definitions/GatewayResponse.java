package io.orderledger.local.definitions;

import java.util.Map;
import java.util.Optional;

/**
 * What API Gateway answers by itself for one response type.
 *
 * @param status empty: the type's own
 * @param headers by header name, where each value comes from
 * @param templates substitution templates by media type; VTL is not evaluated in them
 */
public record GatewayResponse(
        Location location,
        String type,
        Optional<Integer> status,
        Map<String, ValueSource> headers,
        Map<String, TemplateText> templates) {

    public GatewayResponse {
        headers = Map.copyOf(headers);
    }
}
