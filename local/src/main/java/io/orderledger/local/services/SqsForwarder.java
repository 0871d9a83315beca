package io.orderledger.local.services;

import io.orderledger.local.queues.Queues;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Passes SQS's requests on to ElasticMQ, in the JSON and in the query protocol. */
final class SqsForwarder implements AutoCloseable {

    static final String TARGET_PREFIX = "AmazonSQS.";

    /** A ReceiveMessage may wait for 20 seconds. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final String PURGE = "PurgeQueue";
    private static final Pattern PURGE_ACTION = Pattern.compile("[?&]Action=" + PURGE + "(&|$)");
    private static final Pattern QUEUE_URL = Pattern.compile("/\\d{12}/([A-Za-z0-9_.-]+)");
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final List<String> REQUEST_HEADERS =
            List.of("content-type", "x-amz-target", "x-amzn-query-mode", "accept");
    private static final List<String> RESPONSE_HEADERS = List.of("x-amzn-query-error");

    private final Queues queues;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();

    SqsForwarder(Queues queues) {
        this.queues = queues;
    }

    /** Whether a request without a target is SQS's query protocol: a form with an Action. */
    static boolean isQuery(Call call) {
        return call.header("content-type").filter(type -> type.startsWith(FORM)).isPresent()
                || call.pathAndQuery().contains("Action=");
    }

    Reply answer(Call call) throws IOException, InterruptedException {
        URI uri = URI.create(queues.address() + call.pathAndQuery());
        var request = HttpRequest.newBuilder(uri)
                .timeout(ANSWER_LIMIT)
                .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(call.body()));
        for (String name : REQUEST_HEADERS) {
            call.header(name).ifPresent(value -> request.setHeader(name, value));
        }
        // ElasticMQ does not say which messages a purge took away.
        Optional<String> purged = purgedQueue(call);
        Set<String> before = purged.map(queues::messageIds).orElse(Set.of());
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        if (response.statusCode() == Reply.OK) {
            purged.ifPresent(queue -> queues.forget(queue, before));
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : RESPONSE_HEADERS) {
            response.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
        }
        String type = response.headers().firstValue("content-type").orElse("application/octet-stream");
        return new Reply(response.statusCode(), type, headers, response.body());
    }

    /** The name of the queue that a request purges; empty for other requests. */
    private static Optional<String> purgedQueue(Call call) {
        String body = new String(call.body(), StandardCharsets.UTF_8);
        boolean purges = call.target()
                .map(target -> target.equals(TARGET_PREFIX + PURGE))
                .orElseGet(() ->
                        PURGE_ACTION.matcher(call.pathAndQuery() + "&" + body).find());
        if (!purges) {
            return Optional.empty();
        }
        String decoded = call.target().isPresent()
                ? body
                : URLDecoder.decode(body + "&" + call.pathAndQuery(), StandardCharsets.UTF_8);
        Matcher url = QUEUE_URL.matcher(decoded);
        return url.find() ? Optional.of(url.group(1)) : Optional.empty();
    }

    @Override
    public void close() {
        client.close();
    }
}
