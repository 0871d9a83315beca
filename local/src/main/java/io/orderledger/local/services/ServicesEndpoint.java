package io.orderledger.local.services;

import io.helidon.http.Header;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.orderledger.local.access.AccessFilter;
import io.orderledger.local.access.AccessRules;
import io.orderledger.local.bus.EventBus;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.queues.Queues;
import io.orderledger.local.workflow.Workflows;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint. It is opened first, because queue URLs begin with its address, and answers 503 until {@link #serve}.
 *
 * <p>It listens on loopback whatever the API listens on, and is for programs: {@link AccessRules#programs}. It checks no signatures: whoever can run programs here may call it.
 */
public final class ServicesEndpoint implements AutoCloseable {

    /** PutEvents takes 1 MB of entries; JSON may write each of their characters as six. */
    static final int REQUEST_LIMIT_BYTES = 8 * 1024 * 1024;

    private static final int CONCURRENT_REQUESTS_LIMIT = 512;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private static final String REQUEST_ID = "x-amzn-RequestId";
    private static final Logger LOG = LoggerFactory.getLogger(ServicesEndpoint.class);

    private final AtomicReference<@Nullable Services> services = new AtomicReference<>();
    private final WebServer server;

    private ServicesEndpoint(int port) {
        server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(port)
                .maxConcurrentRequests(CONCURRENT_REQUESTS_LIMIT)
                .shutdownGracePeriod(STOP_LIMIT)
                .shutdownHook(false)
                .routing(routing -> routing.addFilter(new AccessFilter(AccessRules.programs()))
                        .any("/*", this::handle))
                .build();
    }

    /** Opens the endpoint on a free port. */
    public static ServicesEndpoint open() {
        return open(0);
    }

    /** Opens the endpoint on a port. */
    public static ServicesEndpoint open(int port) {
        var endpoint = new ServicesEndpoint(port);
        endpoint.server.start();
        return endpoint;
    }

    /** Its address, {@code http://127.0.0.1:PORT}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Begins to answer. */
    public void serve(EventBus bus, Workflows workflows, Queues queues, Functions functions) {
        services.set(new Services(bus, workflows, queues, functions));
    }

    /** Answers what is under way, and stops. */
    @Override
    public void close() {
        server.stop();
        Services open = services.getAndSet(null);
        if (open != null) {
            open.close();
        }
    }

    private void handle(ServerRequest request, ServerResponse response) {
        Reply reply;
        try {
            reply = reply(request);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            reply = Reply.error(Reply.UNAVAILABLE, "ServiceUnavailable", "The local run is stopping");
        } catch (IOException | RuntimeException e) {
            LOG.error("a request could not be answered", e);
            reply = Reply.error(Reply.INTERNAL_ERROR, "InternalFailure", "The request could not be processed");
        }
        response.status(reply.status());
        response.header("Content-Type", reply.contentType());
        response.header(REQUEST_ID, UUID.randomUUID().toString());
        reply.headers().forEach((name, value) -> response.header(name, value));
        response.send(reply.body());
    }

    private Reply reply(ServerRequest request) throws IOException, InterruptedException {
        Map<String, String> headers = headers(request);
        String method = request.prologue().method().text();
        // SQS takes its calls by GET as well, and so does an image in any web page.
        if (!method.equals("POST")) {
            return Reply.error(Reply.METHOD_NOT_ALLOWED, "UnknownOperationException", "Calls are sent by POST");
        }
        Services ready = services.get();
        if (ready == null) {
            return Reply.error(Reply.UNAVAILABLE, "ServiceUnavailable", "The local run is starting or stopping");
        }
        byte[] body = new byte[0];
        if (request.content().hasEntity()) {
            try (InputStream content = request.content().inputStream()) {
                body = content.readNBytes(REQUEST_LIMIT_BYTES + 1);
            }
        }
        if (body.length > REQUEST_LIMIT_BYTES) {
            return Reply.error(
                    Reply.TOO_LARGE,
                    "RequestEntityTooLargeException",
                    "The request exceeds " + REQUEST_LIMIT_BYTES + " bytes");
        }
        String query = request.query().rawValue();
        String path = request.path().rawPath() + (query.isEmpty() ? "" : "?" + query);
        return ready.answer(new Call(method, path, headers, body));
    }

    private static Map<String, String> headers(ServerRequest request) {
        var headers = new LinkedHashMap<String, String>();
        for (Header header : request.headers()) {
            headers.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header.get());
        }
        return headers;
    }
}
