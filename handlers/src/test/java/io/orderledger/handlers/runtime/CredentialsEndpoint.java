package io.orderledger.handlers.runtime;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Where a function that started from a snapshot gets its role's credentials.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">The protocol</a>
 */
final class CredentialsEndpoint implements AutoCloseable {
    static final String TOKEN = "only for this environment";

    private static final byte[] CREDENTIALS = """
            {"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"secret","Token":"session","Expiration":"2099-01-01T00:00:00Z"}""".getBytes(StandardCharsets.UTF_8);

    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    CredentialsEndpoint() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            try (exchange) {
                authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, CREDENTIALS.length);
                exchange.getResponseBody().write(CREDENTIALS);
            }
        });
        server.start();
    }

    Map<String, String> environment() {
        return Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                TOKEN);
    }

    /** What was said by those who asked. */
    List<String> authorizations() {
        return authorizations;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
