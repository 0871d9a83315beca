package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads {@code x-amazon-apigateway-gateway-responses}. */
final class GatewayResponseReader {

    private static final Set<String> TYPES = Set.of(
            "ACCESS_DENIED",
            "API_CONFIGURATION_ERROR",
            "AUTHORIZER_CONFIGURATION_ERROR",
            "AUTHORIZER_FAILURE",
            "BAD_REQUEST_PARAMETERS",
            "BAD_REQUEST_BODY",
            "DEFAULT_4XX",
            "DEFAULT_5XX",
            "EXPIRED_TOKEN",
            "INTEGRATION_FAILURE",
            "INTEGRATION_TIMEOUT",
            "INVALID_API_KEY",
            "INVALID_SIGNATURE",
            "MISSING_AUTHENTICATION_TOKEN",
            "QUOTA_EXCEEDED",
            "REQUEST_TOO_LARGE",
            "RESOURCE_NOT_FOUND",
            "THROTTLED",
            "UNAUTHORIZED",
            "UNSUPPORTED_MEDIA_TYPE",
            "WAF_FILTERED");
    private static final String HEADER_PREFIX = "gatewayresponse.header.";
    private static final int LEAST_STATUS = 100;
    private static final int MOST_STATUS = 599;

    private GatewayResponseReader() {}

    static GatewayResponse read(String type, Fields fields, Entry entry) {
        if (!TYPES.contains(type)) {
            throw new DefinitionException(entry.location(), "there is no gateway response type " + type);
        }
        Map<String, ValueSource> headers = new LinkedHashMap<>();
        fields.entries("responseParameters").forEach((target, value) -> {
            if (!target.startsWith(HEADER_PREFIX)) {
                throw new DefinitionException(value.location(), "the local run sets " + HEADER_PREFIX + "* only");
            }
            headers.put(target.substring(HEADER_PREFIX.length()), MappingExpressions.forGatewayResponse(value));
        });
        GatewayResponse response = new GatewayResponse(
                entry.location(),
                type,
                fields.optionalInteger("statusCode", LEAST_STATUS, MOST_STATUS),
                headers,
                templates(fields));
        fields.refuseOthers();
        return response;
    }

    private static Map<String, TemplateText> templates(Fields fields) {
        Map<String, TemplateText> templates = new LinkedHashMap<>();
        fields.entries("responseTemplates")
                .forEach((mediaType, entry) -> templates.put(
                        mediaType,
                        new TemplateText(entry.value().location(), Resolver.textOf(entry.value(), "a template"))));
        if (templates.size() > 1) {
            throw new DefinitionException(
                    fields.location("responseTemplates"),
                    "the local run takes one template: it does not look at Accept");
        }
        return templates;
    }
}
