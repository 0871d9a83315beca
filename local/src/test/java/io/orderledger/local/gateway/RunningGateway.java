package io.orderledger.local.gateway;

import io.orderledger.local.access.Listener;
import io.orderledger.local.definitions.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A gateway with the back ends of a test behind it, and a client in front of it. */
final class RunningGateway implements AutoCloseable {

    static final String JSON = "application/json";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RecordingServices services = new RecordingServices();
    private final ScriptedFunctions functions = new ScriptedFunctions();
    private final Gateway gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RunningGateway(Stack stack, LocalRoute... localRoutes) {
        gateway = Gateway.start(stack, Listener.loopback(0), services.uri(), functions, List.of(localRoutes));
    }

    RecordingServices services() {
        return services;
    }

    ScriptedFunctions functions() {
        return functions;
    }

    URI uri() {
        return gateway.uri();
    }

    /** Sends a request with a JSON body. */
    HttpResponse<String> sendJson(String method, String path, String body, String... headers) {
        return send(method, path, body.getBytes(StandardCharsets.UTF_8), JSON, headers);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, new byte[0], "", headers);
    }

    /** @param headers names and values in turn */
    HttpResponse<String> send(String method, String path, byte[] body, String contentType, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.uri() + path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Override
    public void close() {
        gateway.close();
        services.close();
        client.close();
    }
}
