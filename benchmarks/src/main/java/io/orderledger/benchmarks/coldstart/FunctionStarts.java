package io.orderledger.benchmarks.coldstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Starts functions as Lambda does, on one processor, and takes the time. */
final class FunctionStarts {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** By documentation, from here on a function has a whole processor. */
    private static final String PROCESSOR = "0";

    private static final String EVENT = """
            {"version":"0","id":"%1$s","detail-type":"OrderPlacementRequested","source":"order-ledger.api","account":"111122223333",
             "time":"2026-11-22T18:43:48Z","region":"eu-west-1","resources":[],
             "detail":{"schemaVersion":2,"eventId":"%1$s","requestedAt":1795373028123,"requestId":"JJbxmplHYosFVYQ=",
               "principal":"arn:aws:iam::111122223333:user/shop","path":"POST /orders",
               "data":{"customer":{"id":"lee","name":"Lee O'Brien","email":"lee@example.com"},
                 "deliveryAddress":{"line1":"1 High Street","city":"Leeds","postalCode":"LS1 1AA","country":"GB"},
                 "channel":"APP","currency":"GBP","items":[{"sku":"margherita","name":"Margherita","quantity":2,"unitPrice":950}]}}}""";

    private final Map<String, String> environment;
    private final Path nativePart;
    private final Path log;

    /**
     * What one start took.
     *
     * @param milliseconds until the answer
     * @param untilAsking until the function was there and its process asked for an event
     */
    record Took(double milliseconds, double untilAsking, long peakResidentBytes) {}

    FunctionStarts(Map<String, String> environment, Path nativePart, Path log) {
        this.environment = Map.copyOf(environment);
        this.nativePart = nativePart;
        this.log = log;
    }

    /** One start, from the process to the first answer, or from the snapshot to the first answer. */
    Took time(Start start) {
        try (RuntimeApi api = new RuntimeApi(EVENT.formatted(UUID.randomUUID()))) {
            long begin = System.nanoTime();
            Process process = process(start, api);
            try {
                if (start.fromSnapshot()) {
                    api.awaitSnapshot();
                    begin = System.nanoTime();
                    api.restore();
                }
                long end = api.answeredNanoTime();
                return new Took((end - begin) / 1e6, (api.askedNanoTime() - begin) / 1e6, peakResidentBytes(process));
            } finally {
                process.destroyForcibly();
                process.onExit().join();
            }
        }
    }

    /** Has a JVM write a cache of the classes that it loaded until it had answered once. */
    void train(Start start, Path cache) {
        try (RuntimeApi api = new RuntimeApi(EVENT.formatted(UUID.randomUUID()))) {
            Files.deleteIfExists(cache);
            Process process = process(start.with(List.of("-XX:AOTCacheOutput=" + cache)), api);
            api.answeredNanoTime();
            process.destroy();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || !Files.exists(cache)) {
                throw new IllegalStateException("No cache was written; see " + log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Has a JVM tell when it loads which class, and how much of its memory is used after the answer.
     *
     * @param into a folder, for what the JVM tells: {@code classes.txt}, {@code heap.txt}
     */
    void profile(Start start, Path into) {
        try (RuntimeApi api = new RuntimeApi(EVENT.formatted(UUID.randomUUID()))) {
            Files.createDirectories(into);
            Process process = process(
                    start.with(List.of(
                            "-Xlog:class+load:file=" + into.resolve("classes.txt") + ":uptime",
                            "-Xlog:gc+exit:file=" + into.resolve("heap.txt") + ":none")),
                    api);
            api.answeredNanoTime();
            // The logs are whole when the JVM has ended.
            process.destroy();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("The function's process does not end");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Process process(Start start, RuntimeApi api) {
        List<String> command = new ArrayList<>(start.launcher());
        command.addAll(List.of(
                "taskset",
                "--cpu-list",
                PROCESSOR,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=" + nativePart));
        command.addAll(start.options());
        command.addAll(List.of(
                "-classpath",
                start.classpath(),
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                start.handler() + "::handleRequest"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(start.task().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API", api.address(),
                        "AWS_LAMBDA_FUNCTION_NAME", "test",
                        "AWS_LAMBDA_FUNCTION_VERSION", "1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769",
                        "AWS_LAMBDA_LOG_FORMAT", "JSON",
                        "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/test",
                        "AWS_LAMBDA_LOG_STREAM_NAME", "test",
                        "AWS_LAMBDA_INITIALIZATION_TYPE", start.fromSnapshot() ? "snap-start" : "on-demand"));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long peakResidentBytes(Process process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
