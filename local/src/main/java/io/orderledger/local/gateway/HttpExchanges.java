package io.orderledger.local.gateway;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads requests from the web server and writes answers to it. */
final class HttpExchanges {

    /** API Gateway's limit. */
    static final int MOST_BODY_BYTES = 10 * 1024 * 1024;

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private HttpExchanges() {}

    /** The request; empty if its body is larger than API Gateway takes. */
    static Optional<ReceivedRequest> read(ServerRequest request) throws IOException {
        byte[] body = new byte[0];
        if (request.content().hasEntity()) {
            try (InputStream stream = request.content().inputStream()) {
                body = stream.readNBytes(MOST_BODY_BYTES + 1);
            }
        }
        if (body.length > MOST_BODY_BYTES) {
            return Optional.empty();
        }
        return Optional.of(new ReceivedRequest(
                request.prologue().method().text(),
                request.prologue().uriPath().rawPath(),
                query(request.prologue().query().rawValue()),
                headers(request),
                body,
                request.remotePeer().host()));
    }

    private static Headers headers(ServerRequest request) {
        Headers.Builder headers = new Headers.Builder();
        for (Header header : request.headers()) {
            headers.add(header.name(), header.allValues());
        }
        return headers.build();
    }

    private static Map<String, List<String>> query(String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                query.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
        return query;
    }

    /** What is not well encoded stays as it was sent. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    static void write(GatewayAnswer answer, ServerResponse response) {
        response.status(Status.create(answer.status()));
        answer.headers()
                .all()
                .forEach((name, values) -> response.header(HeaderValues.create(HeaderNames.create(name), values)));
        if (answer.status() == NO_CONTENT || answer.status() == NOT_MODIFIED) {
            response.send();
        } else {
            response.send(answer.body());
        }
    }
}
