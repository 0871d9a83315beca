package io.orderledger.local.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The names that may follow {@code $context.}, and what they stand for. */
final class ContextVariables {

    /**
     * Who the caller is. All of it is empty for a caller that nobody asked; the names are known, so that templates which treat
     * them as optional work.
     */
    private static final Set<String> CALLER = Set.of(
            "authorizer.claims.sub",
            "authorizer.principalId",
            "identity.accountId",
            "identity.apiKey",
            "identity.apiKeyId",
            "identity.caller",
            "identity.cognitoAuthenticationProvider",
            "identity.cognitoAuthenticationType",
            "identity.cognitoIdentityId",
            "identity.cognitoIdentityPoolId",
            "identity.principalOrgId",
            "identity.user",
            "identity.userArn");

    private static final Set<String> VALUES = Set.of(
            "accountId",
            "apiId",
            "deploymentId",
            "domainName",
            "domainPrefix",
            "extendedRequestId",
            "httpMethod",
            "identity.sourceIp",
            "identity.userAgent",
            "path",
            "protocol",
            "requestId",
            "requestTime",
            "requestTimeEpoch",
            "resourceId",
            "resourcePath",
            "stage",
            "xrayTraceId");

    /** Only in gateway responses. */
    private static final Set<String> ERROR =
            Set.of("error.message", "error.messageString", "error.responseType", "error.validationErrorString");

    private static final Set<String> OVERRIDE_PREFIXES =
            Set.of("requestOverride.header.", "requestOverride.path.", "responseOverride.header.");

    private ContextVariables() {}

    static boolean isKnown(String name) {
        return VALUES.contains(name) || CALLER.contains(name);
    }

    static boolean isKnownInGatewayResponse(String name) {
        return isKnown(name) || ERROR.contains(name);
    }

    /** Whether a mapping template may set or read this; the names below {@code header} and {@code path} are free. */
    static boolean isOverride(String name) {
        return name.equals("responseOverride.status")
                || OVERRIDE_PREFIXES.stream().anyMatch(name::startsWith);
    }

    /** The value as text; empty for a variable that is known and has no value. */
    static String text(Exchange exchange, String name) {
        return exchange.contextVariables().getOrDefault(name, "").toString();
    }

    /** The object {@code $context} of a mapping template: maps within maps. */
    static Map<String, Object> forTemplate(Exchange exchange) {
        Map<String, Object> context = new LinkedHashMap<>();
        Map<String, Object> values = new LinkedHashMap<>();
        CALLER.forEach(name -> values.put(name, ""));
        values.putAll(exchange.contextVariables());
        values.forEach((name, value) -> {
            String[] path = name.split("\\.", -1);
            Map<String, Object> owner = context;
            for (int i = 0; i < path.length - 1; i++) {
                owner = within(owner, path[i]);
            }
            owner.put(path[path.length - 1], value);
        });
        context.put("requestOverride", exchange.overrides().requestOverride());
        context.put("responseOverride", exchange.overrides().responseOverride());
        return Map.copyOf(context);
    }

    @SuppressWarnings("unchecked") // maps of maps, made here only
    private static Map<String, Object> within(Map<String, Object> owner, String name) {
        return (Map<String, Object>) owner.computeIfAbsent(name, _ -> new LinkedHashMap<String, Object>());
    }
}
