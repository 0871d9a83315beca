package io.orderledger.local.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.local.access.Exposure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** A whole local run on a folder of its own, and what a client, an operator and an auditor do with it. */
final class TestInstance implements AutoCloseable {
    static final Path SAM = Path.of("..", "sam");
    private static final JsonMapper JSON = new JsonMapper();

    private final Path data;
    private final LocalRun run;
    private final HttpClient client = HttpClient.newHttpClient();

    private TestInstance(Path data, LocalRun run) {
        this.data = data;
        this.run = run;
    }

    static TestInstance start() {
        return start(SAM);
    }

    static TestInstance start(Path sam) {
        return start(sam, Map.of(), Exposure.LOOPBACK);
    }

    static TestInstance start(Path sam, Map<String, String> parameters, Exposure exposure) {
        try {
            Path data = Files.createTempDirectory("order-ledger-test");
            LocalRun run =
                    LocalRun.start(new LocalRun.Options(data, sam, 0, 60, Duration.ofSeconds(1), parameters, exposure));
            PlantedSecrets.noteThoseOf(data);
            return new TestInstance(data, run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LocalRun run() {
        return run;
    }

    Path data() {
        return data;
    }

    HttpResponse<String> post(String body, String... headers) {
        return send("POST", "/orders", body, headers);
    }

    HttpResponse<String> cancel(UUID orderId, String body, String... headers) {
        return send("PUT", "/orders/" + orderId + "/cancellation", body, headers);
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, "");
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        run.instance().api().resolve(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty() && !List.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The one field of the first row of each result row, read as the auditor, who may read everything. */
    List<String> query(String sql) {
        String url = run.database().url("ledger_auditor");
        String credentials = url.substring("postgresql://".length(), url.indexOf('@'));
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + url.substring(url.indexOf('@') + 1),
                        credentials.substring(0, credentials.indexOf(':')),
                        credentials.substring(credentials.indexOf(':') + 1));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    /** A small order of this customer. */
    static String order(String customer) {
        return """
                {"customer":{"id":"%s","name":"Lee O'Brien"},"currency":"GBP",
                 "items":[{"sku":"margherita","name":"Margherita","quantity":2,"unitPrice":950}]}""".formatted(customer);
    }

    @Override
    public void close() {
        client.close();
        run.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
