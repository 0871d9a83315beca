package io.orderledger.local.gateway;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.Integration;
import io.orderledger.local.definitions.Integration.ParameterMapping;
import io.orderledger.local.definitions.ValueSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code aws}: a call of a service's action on the local services endpoint, by AWS's JSON protocol. Thread-safe. */
final class ServiceBackend implements Backend {

    private static final String TARGET = "X-Amz-Target";
    private static final String CONTENT_TYPE = "Content-Type";
    private static final Set<String> NOT_OURS =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

    /** How a service is addressed: the name before the action, and its content type. */
    private record Protocol(String targetPrefix, String contentType) {}

    private static final Map<String, Protocol> PROTOCOLS = Map.of(
            "events", new Protocol("AWSEvents", "application/x-amz-json-1.1"),
            "states", new Protocol("AWSStepFunctions", "application/x-amz-json-1.0"));

    private final Integration.ServiceCall call;
    private final HttpClient http;
    private final URI endpoint;
    private final Protocol protocol;
    private final RequestMapping requestMapping;
    private final ResponseMapping responseMapping;

    ServiceBackend(Integration.ServiceCall call, HttpClient http, URI endpoint, Templates templates) {
        this.call = call;
        this.http = http;
        this.endpoint = endpoint;
        Protocol known = PROTOCOLS.get(call.service());
        if (known == null) {
            throw new DefinitionException(call.location(), "the local run has no service " + call.service());
        }
        this.protocol = known;
        this.requestMapping = new RequestMapping(call.requestTemplates(), call.passthrough(), templates);
        this.responseMapping = new ResponseMapping(call.responses(), templates);
        call.parameters().forEach(this::check);
    }

    private void check(ParameterMapping mapping) {
        ParameterValues.check(mapping.value(), false);
        if (NOT_OURS.contains(mapping.name().toLowerCase(Locale.ROOT))) {
            throw new DefinitionException(mapping.location(), "the header " + mapping.name() + " cannot be mapped");
        }
        boolean otherTarget =
                mapping.name().equalsIgnoreCase(TARGET) && !mapping.value().equals(new ValueSource.Static(target()));
        if (otherTarget) {
            throw new DefinitionException(
                    mapping.location(), TARGET + " must be '" + target() + "', the action that the uri names");
        }
    }

    private String target() {
        return protocol.targetPrefix() + "." + call.action();
    }

    @Override
    public GatewayAnswer serve(Exchange exchange, String body) {
        String mapped = requestMapping.map(exchange, body);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint).POST(HttpRequest.BodyPublishers.ofByteArray(Utf8.encode(mapped)));
        headers(exchange, body).forEach(request::setHeader);
        return responseMapping.map(send(request.build()), exchange);
    }

    private Map<String, String> headers(Exchange exchange, String body) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put(TARGET, target());
        headers.put(CONTENT_TYPE, protocol.contentType());
        Headers none = new Headers(Map.of());
        call.parameters()
                .forEach(mapping -> ParameterValues.value(mapping.value(), exchange, body, none)
                        .ifPresent(value -> headers.put(mapping.name(), value)));
        headers.putAll(exchange.overrides().requestHeaders());
        return headers;
    }

    /** The timeout is for the whole answer; that of {@link HttpRequest} would end with the headers. */
    private IntegrationResult send(HttpRequest request) {
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        try {
            HttpResponse<String> response = answer.get(call.timeout().toMillis(), TimeUnit.MILLISECONDS);
            return new IntegrationResult(
                    response.statusCode(), new Headers(response.headers().map()), response.body());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new Refusal(ResponseType.INTEGRATION_TIMEOUT);
        } catch (ExecutionException e) {
            throw new Refusal(ResponseType.INTEGRATION_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(ResponseType.INTEGRATION_FAILURE);
        }
    }
}
