package io.orderledger.local.gateway;

import io.orderledger.local.definitions.Api;
import io.orderledger.local.definitions.Integration;
import io.orderledger.local.definitions.Route;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.functions.FunctionInvoker;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request's way through the API, from the route to the answer. Thread-safe. */
final class ApiHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    /** The definitions ask nobody who he is, or they would have been refused. */
    private static final Map<String, String> NOBODY_ASKED = Map.of();

    /** A route with everything that was prepared for it. */
    private record Prepared(RequestValidator validator, Backend backend) {}

    /** What the handler needs from outside. */
    record Surroundings(
            URI servicesEndpoint,
            FunctionInvoker functions,
            HttpClient http,
            ExecutorService executor,
            InstantSource clock,
            RandomGenerator random) {}

    private final Stack stack;
    private final Api api;
    private final Surroundings surroundings;
    private final RequestIds ids;
    private final Router router;
    private final Throttles throttles;
    private final GatewayResponses gatewayResponses;
    private final Map<Route, Prepared> routes = new LinkedHashMap<>();

    ApiHandler(Stack stack, Surroundings surroundings) {
        this.stack = stack;
        this.api = stack.api();
        this.surroundings = surroundings;
        this.ids = new RequestIds(surroundings.random());
        this.router = new Router(api.routes());
        this.throttles = new Throttles(api.routes(), surroundings.clock());
        this.gatewayResponses = new GatewayResponses(api.gatewayResponses());
        Templates templates = new Templates(api.stageVariables());
        api.routes()
                .forEach(route ->
                        routes.put(route, new Prepared(new RequestValidator(route), backend(route, templates))));
    }

    private Backend backend(Route route, Templates templates) {
        return switch (route.integration()) {
            case Integration.ServiceCall call ->
                new ServiceBackend(call, surroundings.http(), surroundings.servicesEndpoint(), templates);
            case Integration.FunctionCall call ->
                new FunctionBackend(call, route, stack, surroundings.functions(), surroundings.executor());
            case Integration.Mock mock -> new MockBackend(mock, templates);
        };
    }

    GatewayAnswer handle(ReceivedRequest received) {
        Instant now = surroundings.clock().instant();
        RequestIds.Ids drawn = ids.draw(received, now);
        Exchange exchange = new Exchange(api, asForwarded(received, drawn), drawn, now, NOBODY_ASKED);
        GatewayAnswer answer;
        try {
            answer = serve(exchange);
        } catch (Refusal refusal) {
            answer = gatewayResponses.answer(refusal, exchange);
        } catch (TemplateFailure failure) {
            LOG.error("{} {}: {}", received.method(), exchange.resourcePath(), failure.getMessage());
            answer = gatewayResponses.answer(new Refusal(ResponseType.API_CONFIGURATION_ERROR), exchange);
        }
        Headers headers = answer.headers()
                .withDefault("x-amzn-RequestId", drawn.requestId())
                .withDefault("x-amz-apigw-id", drawn.extendedRequestId());
        return new GatewayAnswer(answer.status(), headers, answer.body());
    }

    private GatewayAnswer serve(Exchange exchange) {
        ReceivedRequest request = exchange.request();
        Router.Match match = router.match(request.method(), request.path())
                .orElseThrow(() -> new Refusal(ResponseType.MISSING_AUTHENTICATION_TOKEN));
        exchange.matched(match);
        if (!throttles.admits(match.route())) {
            throw new Refusal(ResponseType.THROTTLED);
        }
        Prepared prepared = routes.get(match.route());
        if (prepared == null) {
            throw new IllegalStateException("no such route");
        }
        String body = text(request);
        prepared.validator().validate(exchange, body);
        return prepared.backend().serve(exchange, body);
    }

    private static String text(ReceivedRequest request) {
        try {
            return request.text();
        } catch (CharacterCodingException e) {
            throw Refusal.invalidBody("the body is not valid UTF-8");
        }
    }

    /** The headers that API Gateway adds to what the client sent. */
    private static ReceivedRequest asForwarded(ReceivedRequest request, RequestIds.Ids ids) {
        Headers headers = request.headers()
                .withDefault("X-Amzn-Trace-Id", "Root=" + ids.traceId())
                .withDefault("X-Forwarded-For", request.sourceIp())
                .withDefault("X-Forwarded-Proto", "http");
        return new ReceivedRequest(
                request.method(), request.path(), request.query(), headers, request.body(), request.sourceIp());
    }

    /** The 413 that API Gateway gives by itself for more than it takes; no definition changes it. */
    static GatewayAnswer tooLarge() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Content-Type", List.of("application/json"));
        headers.put("x-amzn-ErrorType", List.of("RequestEntityTooLargeException"));
        return new GatewayAnswer(
                413, new Headers(headers), "{\"message\":\"Request Too Long\"}".getBytes(StandardCharsets.UTF_8));
    }
}
