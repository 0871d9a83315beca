package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.local.instance.ApiClient;
import io.orderledger.local.instance.LocalRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the short commands once, in a process that keeps the classes they need as they are when loaded and linked, in an AOT cache
 * (https://openjdk.org/jeps/514). Later processes begin with that. The launcher script calls it: it starts an instance on a folder that goes
 * away afterwards, and a process that visits it.
 */
public final class Rehearsal {
    private static final Duration LISTED_WITHIN = Duration.ofSeconds(60);
    private static final Duration VISITED_WITHIN = Duration.ofMinutes(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int DEFAULT_SPEED = 60;
    private static final String VISIT = "--visit";
    private static final String ORDER =
            "{\"customer\":{\"id\":\"rehearsal\"},\"currency\":\"EUR\",\"items\":[{\"sku\":\"x\",\"quantity\":1,\"unitPrice\":1}]}";

    private Rehearsal() {}

    /** Takes the cache's place; or {@code --visit}, an instance's folder and an order. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals(VISIT)) {
            visit(arguments[1], arguments[2]);
        } else {
            make(Path.of(arguments[0]));
        }
    }

    private static void make(Path cache) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("order-ledger-rehearsal");
        Path made = cache.resolveSibling(
                cache.getFileName() + "." + ProcessHandle.current().pid());
        try (LocalRun run = LocalRun.start(new LocalRun.Options(data, Checkout.folder("sam"), 0, DEFAULT_SPEED))) {
            UUID order = place(run);
            Process visitor = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-XX:AOTCacheOutput=" + made,
                            "-Dorderledger.root=" + System.getProperty("orderledger.root"),
                            "-Dorderledger.terminal=",
                            "-classpath",
                            System.getProperty("java.class.path"),
                            Rehearsal.class.getName(),
                            VISIT,
                            data.toString(),
                            order.toString())
                    .inheritIO()
                    .start();
            if (!visitor.waitFor(VISITED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                visitor.destroyForcibly();
                throw new IOException("the visitor did not come to an end");
            }
            if (visitor.exitValue() != 0) {
                throw new IOException("the visitor ended with " + visitor.exitValue());
            }
            Files.move(made, cache, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(made);
            remove(data);
        }
    }

    private static UUID place(LocalRun run) throws IOException, InterruptedException {
        UUID key = UUID.randomUUID();
        JsonNode order = new JsonMapper().readTree(ORDER);
        try (ApiClient api = run.instance().apiClient()) {
            if (!api.send("POST", "/orders", key, order).isOk()) {
                throw new IOException("the instance took no order");
            }
            Instant deadline = Instant.now().plus(LISTED_WITHIN);
            while (!api.get("/orders/" + key).isOk()) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IOException("the order is not listed");
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
        return key;
    }

    private static void visit(String data, String order) throws IOException {
        try (PrintWriter nowhere = new PrintWriter(Writer.nullWriter())) {
            for (List<String> line : List.of(
                    List.of("orders", "--data", data),
                    List.of("orders", "--data", data, "-o", "json"),
                    List.of("order", order, "--data", data),
                    List.of("tail", "--data", data, "-o", "ndjson"),
                    List.of("status", "--data", data),
                    List.of("doctor", "--data", data),
                    List.of("dead-letters", "list", "--data", data),
                    List.of("replay", "--dry-run", "--data", data),
                    List.of("psql", "--print", "--data", data),
                    List.of("orders", "--help"),
                    List.of("odrers"))) {
                String[] arguments = line.toArray(String[]::new);
                int exitCode = OrderLedger.commandLine(arguments)
                        .setOut(nowhere)
                        .setErr(nowhere)
                        .execute(arguments);
                if (exitCode != OrderLedger.DONE && !line.contains("odrers") && !line.contains("doctor")) {
                    throw new IOException(line.getFirst() + " ended with " + exitCode);
                }
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
