package io.orderledger.benchmarks.clistart;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code ./order-ledger up} on a folder of its own, and the commands that are run against it. Closing it ends the instance. */
public final class RunningInstance implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration LISTED_WITHIN = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final String READY = "ready ";
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int OK = 200;

    private final Path root;
    private final Path data;
    private final Process up;
    private final URI api;
    private final String databaseUrl;

    private RunningInstance(Path root, Path data, Process up, URI api) throws IOException, InterruptedException {
        this.root = root;
        this.data = data;
        this.up = up;
        this.api = api;
        this.databaseUrl = output(command(List.of("psql", "--print"))).strip();
    }

    /** Starts it; returns when it is ready. */
    public static RunningInstance start(Path root) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("order-ledger-cli-start");
        File log = data.resolve("up.log").toFile();
        Process up = new ProcessBuilder(launcher(root), "up", "--port", "0", "--data", data.toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        Instant deadline = Instant.now().plus(READY_WITHIN);
        while (true) {
            for (String line : Files.readAllLines(log.toPath())) {
                if (line.startsWith(READY)) {
                    return new RunningInstance(root, data, up, URI.create(line.substring(READY.length())));
                }
            }
            if (!up.isAlive() || Instant.now().isAfter(deadline)) {
                up.destroy();
                throw new IOException("the instance did not start: " + Files.readString(log.toPath()));
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private static String launcher(Path root) {
        return root.resolve("order-ledger").toString();
    }

    public String launcher() {
        return launcher(root);
    }

    /** A line of the command line, about this instance. */
    public List<String> command(List<String> words) {
        List<String> line = new ArrayList<>(List.of(launcher()));
        line.addAll(words);
        line.addAll(List.of("--data", data.toString()));
        return line;
    }

    /** The same connection as that of the commands. */
    public List<String> psql() {
        return List.of("psql", databaseUrl, "-c", "select 1");
    }

    /** Places orders, and waits until the last one is listed; returns its ID. */
    public String place(int orders) throws IOException, InterruptedException {
        String last = "";
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < orders; i++) {
                last = UUID.randomUUID().toString();
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(api.resolve("/orders"))
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", last)
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"customer\":{\"id\":\"c-%d\"},\"currency\":\"EUR\",\"items\":[{\"sku\":\"x\",\"quantity\":1,\"unitPrice\":950}]}"
                                                .formatted(i)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != OK) {
                    throw new IOException("an order was answered " + answer.statusCode() + " " + answer.body());
                }
            }
            HttpRequest listed =
                    HttpRequest.newBuilder(api.resolve("/orders/" + last)).build();
            Instant deadline = Instant.now().plus(LISTED_WITHIN);
            while (client.send(listed, HttpResponse.BodyHandlers.discarding()).statusCode() != OK) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IOException("the last order is not listed");
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
        return last;
    }

    /** Runs a line to its end; returns how long that took, in milliseconds. */
    public double run(List<String> line, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        int exitCode = builder.start().waitFor();
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        if (exitCode != 0) {
            throw new IOException(String.join(" ", line.subList(0, 2)) + " ended with " + exitCode);
        }
        return millis;
    }

    /** The database server's settings that matter. */
    public Map<String, String> settings() throws IOException, InterruptedException {
        Map<String, String> settings = new HashMap<>();
        for (String name : List.of("server_version", "fsync", "shared_buffers")) {
            settings.put(
                    name,
                    output(List.of("psql", databaseUrl, "-Atc", "show " + name)).strip());
        }
        return settings;
    }

    private static String output(List<String> line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder text = new StringBuilder();
            for (String read = reader.readLine(); read != null; read = reader.readLine()) {
                text.append(read).append('\n');
            }
            if (process.waitFor() != 0) {
                throw new IOException(line.getFirst() + " failed");
            }
            return text.toString();
        }
    }

    @Override
    public void close() throws IOException {
        up.destroy();
        try {
            if (!up.waitFor(READY_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                up.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            up.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
