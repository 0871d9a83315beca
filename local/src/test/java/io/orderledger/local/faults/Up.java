package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.local.cli.OrderLedger;
import io.orderledger.local.instance.Instance;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command {@code up} as a process of its own, with the class path of the launcher script. */
final class Up implements AutoCloseable {
    private final Path data;
    private final Process process;

    private Up(Path data, Process process) {
        this.data = data;
        this.process = process;
    }

    /** Starts it, and returns when it is ready. */
    static Up start(Path data, String... arguments) throws IOException {
        return start(data, Map.of(), arguments);
    }

    /** The same, with more variables in its environment. */
    static Up start(Path data, Map<String, String> environment, String... arguments) throws IOException {
        Up up = begin(data, environment, arguments);
        assertThat(up.becomesReady()).as("the line that says it is ready").isTrue();
        return up;
    }

    /** Starts it, and returns at once. */
    static Up begin(Path data, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Dorderledger.root=" + Path.of("..").toAbsolutePath().normalize(),
                "-classpath",
                classpath(),
                OrderLedger.class.getName(),
                "up",
                "--port",
                "0",
                "--head-interval",
                "1",
                "--data",
                data.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log(data).toFile()));
        builder.environment().putAll(environment);
        return new Up(data, builder.start());
    }

    /** Waits; false if it ends before. */
    boolean becomesReady() throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.startsWith("ready ")) {
            line = output.readLine();
        }
        Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
        return line != null;
    }

    URI api() {
        return Instance.on(data).api();
    }

    Path data() {
        return data;
    }

    /** What it has logged, by all its runs on this folder. */
    String logged() throws IOException {
        return Files.readString(log(data));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end; the exit code. */
    int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    /** SIGKILL to the JVM. Whatever it has started goes on. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** The first process of the database, which is no child of the JVM. */
    Optional<ProcessHandle> postmaster() throws IOException {
        Path file = data.resolve("postgres").resolve("postmaster.pid");
        return Files.exists(file)
                ? ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                : Optional.empty();
    }

    @Override
    public void close() {
        process.toHandle().destroy();
        process.onExit().join();
    }

    /** Beside the folder, which may be on a disk that is full. */
    private static Path log(Path data) throws IOException {
        Path logs = Path.of("target", "reliability", "logs");
        Files.createDirectories(logs);
        return logs.resolve(data.toString().replaceAll("[^A-Za-z0-9]+", "-") + ".log");
    }

    private static String classpath() throws IOException {
        Path dependencies = Path.of("target", "dependencies");
        assertThat(dependencies).as("written by mvn package").exists();
        return Path.of("target", "classes") + File.pathSeparator + Files.readString(dependencies);
    }
}
