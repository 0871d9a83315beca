package io.orderledger.local.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The names that may follow {@code $context.}, and what they stand for. */
final class ContextVariables {

    /**
     * Variables that are empty here and for unsigned calls on AWS: who the caller is. They are known, so that templates which
     * treat them as optional work.
     */
    private static final Set<String> EMPTY = Set.of(
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
        return VALUES.contains(name) || EMPTY.contains(name);
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
        Map<String, Object> identity = new LinkedHashMap<>();
        Map<String, Object> authorizer = new LinkedHashMap<>();
        Map<String, Object> values = new LinkedHashMap<>();
        EMPTY.forEach(name -> values.put(name, ""));
        values.putAll(exchange.contextVariables());
        values.forEach((name, value) -> {
            int dot = name.indexOf('.');
            Map<String, Object> owner = dot < 0 ? context : name.startsWith("identity.") ? identity : authorizer;
            owner.put(name.substring(dot + 1), value);
        });
        context.put("identity", Map.copyOf(identity));
        context.put("authorizer", Map.copyOf(authorizer));
        context.put("requestOverride", exchange.overrides().requestOverride());
        context.put("responseOverride", exchange.overrides().responseOverride());
        return Map.copyOf(context);
    }
}
