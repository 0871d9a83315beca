package io.orderledger.local.gateway;

import io.orderledger.local.definitions.Api;
import io.orderledger.local.definitions.Route;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request on its way through the gateway, with everything that {@code $context} says about it. Used by one thread at a
 * time.
 */
final class Exchange {

    private static final DateTimeFormatter COMMON_LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int SHORT_ID_LENGTH = 6;

    private final Api api;
    private final ReceivedRequest request;
    private final RequestIds.Ids ids;
    private final Instant receivedAt;
    private final Map<String, String> caller;
    private final Overrides overrides = new Overrides();
    private Optional<Router.Match> match = Optional.empty();

    /**
     * A request that has just come in.
     *
     * @param caller what is known of who sent it, by the names that follow {@code $context.}
     */
    Exchange(Api api, ReceivedRequest request, RequestIds.Ids ids, Instant receivedAt, Map<String, String> caller) {
        this.api = api;
        this.request = request;
        this.ids = ids;
        this.receivedAt = receivedAt;
        this.caller = Map.copyOf(caller);
    }

    void matched(Router.Match found) {
        match = Optional.of(found);
    }

    Api api() {
        return api;
    }

    ReceivedRequest request() {
        return request;
    }

    RequestIds.Ids ids() {
        return ids;
    }

    Instant receivedAt() {
        return receivedAt;
    }

    Overrides overrides() {
        return overrides;
    }

    Map<String, String> pathParameters() {
        return match.map(Router.Match::parameters).orElse(Map.of());
    }

    /** The path of the route, for example {@code /orders/{orderId}}; the path as sent if there is no route. */
    String resourcePath() {
        return match.map(Router.Match::route).map(Route::path).orElse(request.path());
    }

    String requestTime() {
        return COMMON_LOG_TIME.format(receivedAt);
    }

    String domainName() {
        return api.id() + ".execute-api." + api.region() + ".amazonaws.com";
    }

    String pathWithStage() {
        return "/" + api.stage() + request.path();
    }

    String resourceId() {
        return Integer.toUnsignedString(resourcePath().hashCode(), Character.MAX_RADIX);
    }

    String deploymentId() {
        return api.id().substring(0, SHORT_ID_LENGTH);
    }

    /** The context variables that have a value, by the name that follows {@code $context.}. */
    Map<String, Object> contextVariables() {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("accountId", api.accountId());
        variables.put("apiId", api.id());
        variables.put("deploymentId", deploymentId());
        variables.put("domainName", domainName());
        variables.put("domainPrefix", api.id());
        variables.put("extendedRequestId", ids.extendedRequestId());
        variables.put("httpMethod", request.method());
        variables.put("identity.sourceIp", request.sourceIp());
        variables.put(
                "identity.userAgent", request.headers().first("User-Agent").orElse(""));
        variables.put("path", pathWithStage());
        variables.put("protocol", "HTTP/1.1");
        variables.put("requestId", ids.requestId());
        variables.put("requestTime", requestTime());
        variables.put("requestTimeEpoch", receivedAt.toEpochMilli());
        variables.put("resourceId", resourceId());
        variables.put("resourcePath", resourcePath());
        variables.put("stage", api.stage());
        variables.put("xrayTraceId", ids.traceId());
        variables.putAll(caller);
        return variables;
    }
}
