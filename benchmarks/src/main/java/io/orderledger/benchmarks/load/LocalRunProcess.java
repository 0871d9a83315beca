package io.orderledger.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.postgresql.ds.PGSimpleDataSource;

/** {@code ./order-ledger up} in a process of its own, and the other commands as a person gives them. Not thread-safe. */
final class LocalRunProcess implements AutoCloseable {
    /** The name of the bus that the API puts orders on. */
    static final String BUS = "order-ledger-orders";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String READY = "ready ";
    private static final String URL_SCHEME = "postgresql://";

    private final Path root;
    private final Path data;
    private final Process process;
    private final OrderApi api;

    private LocalRunProcess(Path root, Path data, Process process, OrderApi api) {
        this.root = root;
        this.data = data;
        this.process = process;
        this.api = api;
    }

    /**
     * Starts an instance; returns when it is ready.
     *
     * @param root the checkout
     * @param data the instance's folder
     * @param ratePerSecond what the API is told to take at most of one kind of requests, as the template's parameters have it
     */
    static LocalRunProcess start(Path root, Path data, int ratePerSecond) throws IOException {
        Files.createDirectories(data);
        Process process = new ProcessBuilder(
                        command(root),
                        "up",
                        "--port",
                        "0",
                        "--data",
                        data.toString(),
                        "--parameter",
                        "ApiRateLimit=" + ratePerSecond,
                        "--parameter",
                        "ApiBurstLimit=" + ratePerSecond)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling("up.log").toFile()))
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.startsWith(READY)) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("The instance did not start: " + data.resolveSibling("up.log"));
        }
        Thread.startVirtualThread(() -> output.lines().forEach(_ -> {}));
        JsonNode instance = JSON.readTree(data.resolve("instance.json").toFile());
        OrderApi api = new OrderApi(
                URI.create(line.substring(READY.length())),
                URI.create(instance.required("services").asText()));
        return new LocalRunProcess(root, data, process, api);
    }

    OrderApi api() {
        return api;
    }

    long pid() {
        return process.pid();
    }

    /** The first process of the instance's database; it is no child of the instance. */
    Optional<ProcessHandle> postmaster() {
        try {
            Path file = data.resolve("postgres").resolve("postmaster.pid");
            return ProcessHandle.of(
                    Long.parseLong(Files.readAllLines(file).getFirst().strip()));
        } catch (IOException e) {
            throw new UncheckedIOException("The database's process cannot be found", e);
        }
    }

    /** Runs another command on the instance's folder; what it printed, if it ended well. */
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(command(root)));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling("commands.log").toFile()))
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = child.waitFor();
        if (code != 0) {
            throw new IllegalStateException("./order-ledger " + arguments[0] + " ended with " + code + ": " + output);
        }
        return output.strip();
    }

    /** Connects to the instance's database as a role that only reads. */
    PGSimpleDataSource database() throws IOException, InterruptedException {
        String url = run("psql", "--print", "--role", "ledger_auditor");
        URI uri = URI.create(url.substring(url.indexOf(URL_SCHEME)));
        String[] user = uri.getUserInfo().split(":", 2);
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {uri.getHost()});
        source.setPortNumbers(new int[] {uri.getPort()});
        source.setDatabaseName(uri.getPath().substring(1));
        source.setUser(user[0]);
        source.setPassword(user[1]);
        return source;
    }

    /** The settings of the instance's database server that a report names. */
    SortedMap<String, String> settings() throws Exception {
        SortedMap<String, String> settings = new TreeMap<>();
        try (var connection = database().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select name, current_setting(name) from pg_settings"
                        + " where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'shared_buffers')")) {
            while (rows.next()) {
                settings.put(rows.getString(1), rows.getString(2));
            }
            settings.put("server_version", connection.getMetaData().getDatabaseProductVersion());
        }
        return settings;
    }

    /** What the bus keeps on disk, in bytes. */
    long busBytes() {
        try {
            return Files.size(data.resolve("bus").resolve("deliveries.mv"));
        } catch (IOException e) {
            throw new UncheckedIOException("The bus's file cannot be looked at", e);
        }
    }

    private static String command(Path root) {
        return root.toAbsolutePath().normalize().resolve("order-ledger").toString();
    }

    /** Ends it as Ctrl-C does, and waits. */
    @Override
    public void close() {
        api.close();
        process.toHandle().destroy();
        process.onExit().join();
    }
}
