package io.orderledger.local.gateway;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.orderledger.local.access.AccessFilter;
import io.orderledger.local.access.Listener;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.functions.FunctionInvoker;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the stack's API over HTTP, as API Gateway would, at the root of the address (without the stage in the
 * path). Each request has a virtual thread of its own. Thread-safe.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(2);

    /** API Gateway takes this much of headers in all. */
    private static final int MOST_HEADER_BYTES = 10_240;

    private final WebServer server;
    private final Listener listener;
    private final HttpClient http;
    private final ExecutorService executor;

    private Gateway(WebServer server, Listener listener, HttpClient http, ExecutorService executor) {
        this.server = server;
        this.listener = listener;
        this.http = http;
        this.executor = executor;
    }

    /**
     * Starts serving.
     *
     * @param at where to listen, and who may call
     * @param servicesEndpoint answers the API's calls of EventBridge and Step Functions
     * @param functions runs the functions of proxy integrations
     * @param localRoutes what is served besides the API
     * @throws DefinitionException if the API says something that the gateway cannot execute
     * @throws GatewayCannotStart if the port cannot be listened on
     */
    public static Gateway start(
            Stack stack, Listener at, URI servicesEndpoint, FunctionInvoker functions, List<LocalRoute> localRoutes) {
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(executor)
                .build();
        try {
            ApiHandler api = new ApiHandler(
                    stack,
                    new ApiHandler.Surroundings(
                            servicesEndpoint, functions, http, executor, InstantSource.system(), new SecureRandom()));
            return new Gateway(listen(at, api, localRoutes), at, http, executor);
        } catch (RuntimeException e) {
            http.close();
            executor.close();
            throw e;
        }
    }

    private static WebServer listen(Listener at, ApiHandler api, List<LocalRoute> localRoutes) {
        requireFree(at);
        List<LocalRoute> extra = List.copyOf(localRoutes);
        WebServer server = WebServer.builder()
                .address(at.address())
                .port(at.port())
                .addProtocol(Http1Config.builder()
                        .maxHeadersSize(MOST_HEADER_BYTES)
                        .maxPrologueLength(MOST_HEADER_BYTES)
                        .validatePath(false)
                        .build())
                .shutdownHook(false)
                .shutdownGracePeriod(SHUTDOWN_GRACE)
                .routing(routing -> routing.addFilter(new AccessFilter(at.rules()))
                        .any((request, response) -> serve(
                                request,
                                response,
                                api,
                                extra,
                                at.rules().token().isPresent())))
                .build();
        server.start();
        if (!server.isRunning()) {
            throw new GatewayCannotStart(at.port());
        }
        return server;
    }

    /** The web server logs a port in use with a stack trace and returns: ask before it does. */
    private static void requireFree(Listener at) {
        try (ServerSocket probe = new ServerSocket(at.port(), 1, at.address())) {
            LOG.debug("port {} is free", probe.getLocalPort());
        } catch (IOException e) {
            throw new GatewayCannotStart(at.port(), e);
        }
    }

    private static void serve(
            ServerRequest request,
            ServerResponse response,
            ApiHandler api,
            List<LocalRoute> localRoutes,
            boolean broughtToken) {
        HttpExchanges.write(answer(request, api, localRoutes, broughtToken), response);
    }

    /** A bug of ours must not show in the answer, nor the request in the log. */
    private static GatewayAnswer answer(
            ServerRequest request, ApiHandler api, List<LocalRoute> localRoutes, boolean broughtToken) {
        String method = request.prologue().method().text();
        String path = request.prologue().uriPath().rawPath();
        try {
            for (LocalRoute route : localRoutes) {
                if (route.method().equals(method) && route.path().equals(path)) {
                    return asGatewayAnswer(route.handler().get());
                }
            }
            return HttpExchanges.read(request)
                    .map(read -> broughtToken ? read.withoutAuthorization() : read)
                    .map(api::handle)
                    .orElseGet(ApiHandler::tooLarge);
        } catch (IOException e) {
            LOG.warn("a request ended before its body did");
            return failure(400, "Bad Request");
        } catch (RuntimeException e) {
            LOG.error(
                    "a request of method {} failed unexpectedly: {} at {}",
                    method,
                    e.getClass().getName(),
                    List.of(e.getStackTrace()));
            return failure(500, "Internal server error");
        }
    }

    private static GatewayAnswer failure(int status, String message) {
        byte[] body = ("{\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8);
        return new GatewayAnswer(status, new Headers(Map.of("Content-Type", List.of("application/json"))), body);
    }

    private static GatewayAnswer asGatewayAnswer(LocalRoute.Answer answer) {
        Headers headers = new Headers(Map.of("Content-Type", List.of(answer.contentType())));
        return new GatewayAnswer(answer.status(), headers, answer.body().getBytes(StandardCharsets.UTF_8));
    }

    /** The address to send requests to from this machine, for example {@code http://127.0.0.1:8080}. */
    public URI uri() {
        return listener.uri(server.port());
    }

    /** Stops taking requests; those under way get a short time to end. */
    @Override
    public void close() {
        server.stop();
        http.shutdownNow();
        // Functions that still run are not interrupted: they may be about to commit.
        executor.shutdown();
    }
}
