package io.orderledger.handlers.migrate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orderledger.handlers.Messages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Where CloudFormation takes answers: a signed address that accepts PUT. */
public final class AnswerAddress implements AutoCloseable {
    private final HttpServer server;
    private final List<ObjectNode> answers = new CopyOnWriteArrayList<>();
    private final List<String> contentTypes = new CopyOnWriteArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    public AnswerAddress() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/answer", this::take);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/answer?X-Amz-Signature=secret";
    }

    /** So many attempts are answered by an error. */
    void failNext(int count) {
        failures.set(count);
    }

    /** What was taken. */
    public List<ObjectNode> answers() {
        return answers;
    }

    List<String> contentTypes() {
        return contentTypes;
    }

    int attempts() {
        return attempts.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            attempts.incrementAndGet();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            contentTypes.addAll(exchange.getRequestHeaders().getOrDefault("Content-Type", List.of()));
            boolean fails = failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            if (!fails && exchange.getRequestMethod().equals("PUT")) {
                answers.add(Messages.json(body));
            }
            exchange.sendResponseHeaders(fails ? 503 : 200, -1);
        }
    }
}
