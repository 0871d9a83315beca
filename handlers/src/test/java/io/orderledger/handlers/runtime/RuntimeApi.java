package io.orderledger.handlers.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The API of Lambda that a function's process asks for its invocations and gives its answers to. One process, one invocation at a time.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">The API</a>
 */
final class RuntimeApi implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String INVOCATION = "/2018-06-01/runtime/invocation/";

    private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
    private final CountDownLatch restored = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    /** What the process told: {@code READY} for a snapshot, a {@code RESPONSE}, or an {@code ERROR} of any kind. */
    record Said(What what, String body) {
        enum What {
            READY,
            RESPONSE,
            ERROR
        }
    }

    RuntimeApi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** The value of AWS_LAMBDA_RUNTIME_API. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    void invoke(String event) {
        events.add(event.getBytes(StandardCharsets.UTF_8));
    }

    /** Lets the process go on that waits since it was ready for a snapshot. */
    void restore() {
        restored.countDown();
    }

    /** The process is no more: whoever waits for it need not wait. */
    void ended(int exitValue) {
        said.add(new Said(Said.What.ERROR, "The process ended with " + exitValue));
    }

    /** What the process tells next. */
    Said next() {
        try {
            return Objects.requireNonNull(
                    said.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "The function's process says nothing");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            // The client's native part cannot do without a content type.
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (path.equals(INVOCATION + "next")) {
                next(exchange);
            } else if (path.endsWith("/restore/next")) {
                said.add(new Said(Said.What.READY, body));
                restored.await();
                exchange.sendResponseHeaders(200, -1);
            } else {
                said.add(new Said(path.endsWith("/response") ? Said.What.RESPONSE : Said.What.ERROR, body));
                exchange.sendResponseHeaders(202, -1);
            }
        } catch (InterruptedException e) {
            // The test is over, and the process is being ended.
            Thread.currentThread().interrupt();
        }
    }

    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        byte[] event = events.take();
        var headers = exchange.getResponseHeaders();
        headers.set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
        headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + TIMEOUT.toMillis()));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:111122223333:function:test:live");
        headers.set(
                "Lambda-Runtime-Trace-Id",
                "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1");
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
