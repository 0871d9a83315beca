package io.orderledger.benchmarks.coldstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lambda's side of a function's process: hands out one event, and takes the time when it is answered.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">The API</a>
 */
final class RuntimeApi implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final byte[] event;
    private final CompletableFuture<Boolean> snapshot = new CompletableFuture<>();
    private final CompletableFuture<Boolean> restored = new CompletableFuture<>();
    private final CompletableFuture<Long> answered = new CompletableFuture<>();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final CompletableFuture<Long> asked = new CompletableFuture<>();

    RuntimeApi(String event) {
        this.event = event.getBytes(StandardCharsets.UTF_8);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Waits until a snapshot could be taken. */
    void awaitSnapshot() {
        await(snapshot);
    }

    /** Lets a process go on that waits for its snapshot. */
    void restore() {
        restored.complete(true);
    }

    /** The System.nanoTime of the answer. */
    long answeredNanoTime() {
        return await(answered);
    }

    /** The System.nanoTime when the process asked for its first event. */
    long askedNanoTime() {
        return await(asked);
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The function did not answer as it should", e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        long now = System.nanoTime();
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (path.endsWith("/invocation/next")) {
                handOut(exchange);
            } else if (path.endsWith("/restore/next")) {
                snapshot.complete(true);
                restored.join();
                exchange.sendResponseHeaders(200, -1);
            } else {
                if (path.endsWith("/response")) {
                    answered.complete(now);
                } else {
                    answered.completeExceptionally(new IllegalStateException(path + ": " + body));
                }
                exchange.sendResponseHeaders(202, -1);
            }
        }
    }

    private void handOut(HttpExchange exchange) throws IOException {
        if (!asked.complete(System.nanoTime())) {
            // There is no second one; the process waits until it is ended.
            closed.join();
            return;
        }
        var headers = exchange.getResponseHeaders();
        headers.set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
        headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + TIMEOUT.toMillis()));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:111122223333:function:test:live");
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    @Override
    public void close() {
        restored.complete(true);
        closed.complete(true);
        server.stop(0);
        threads.shutdownNow();
    }
}
