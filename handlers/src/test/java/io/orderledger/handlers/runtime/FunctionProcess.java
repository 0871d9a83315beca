package io.orderledger.handlers.runtime;

import io.orderledger.handlers.runtime.RuntimeApi.Said;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A function in a JVM of its own, under the client that Lambda's Java runtime is made of, with the options that Lambda gives it. On the
 * class path is that client alone: the function comes from the folder where the archive was unpacked, as from /var/task.
 */
final class FunctionProcess implements AutoCloseable {
    /** What Maven makes, or what SAM made of it. */
    private static final Path ARCHIVE =
            Path.of(System.getProperty("orderledger.lambda.archive", "target/order-ledger-handlers-lambda.zip"));

    /** What Lambda's runtime consists of, as the build copied it. */
    private static final Path RUNTIME = Path.of("target", "lambda-runtime");

    /** Names the client's native part. Without it, every process writes that to one and the same file, under the others' feet. */
    private static final String NATIVE_PART =
            "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    private final RuntimeApi api = new RuntimeApi();
    private final Path log;
    private final Process process;

    private FunctionProcess(Path task, String handler, Map<String, String> environment, List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                "-D" + NATIVE_PART + "=" + nativePart(task.resolveSibling("libaws-lambda-jni.so"))));
        command.addAll(options);
        command.addAll(List.of(
                "-classpath",
                RUNTIME.toAbsolutePath() + "/*",
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                "io.orderledger.handlers." + handler + "::handleRequest"));
        ProcessBuilder builder = new ProcessBuilder(command).directory(task.toFile());
        // Nothing of whoever runs the test.
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("PG"));
        builder.environment().putAll(environment);
        builder.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API", api.address(),
                        "AWS_LAMBDA_FUNCTION_NAME", "test",
                        "AWS_LAMBDA_FUNCTION_VERSION", "1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                        "AWS_LAMBDA_LOG_FORMAT", "JSON",
                        "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/test",
                        "AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/22/[1]1f8b"));
        try {
            log = Files.createTempFile(task.getParent(), handler, ".log");
            process = builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            api.close();
            throw new UncheckedIOException(e);
        }
        var unused = process.onExit().thenAccept(ended -> api.ended(ended.exitValue()));
    }

    /** Starts a function as on its first request. */
    static FunctionProcess start(Path task, String handler, Map<String, String> environment) {
        return new FunctionProcess(task, handler, environment, List.of());
    }

    /** Starts a function as when a version of it is published: it stops where Lambda takes the snapshot, until {@link #restore}. */
    static FunctionProcess publish(Path task, String handler, Map<String, String> environment, String... options) {
        Map<String, String> published = new HashMap<>(environment);
        published.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        FunctionProcess function = new FunctionProcess(task, handler, published, List.of(options));
        Said said = function.api.next();
        if (said.what() != Said.What.READY) {
            function.close();
            throw new AssertionError("The version cannot be published: " + said + "\n" + function.log());
        }
        return function;
    }

    void restore() {
        api.restore();
    }

    /** What the function has written to its log. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer to an event. */
    String answer(String event) {
        Said said = invoke(event);
        if (said.what() != Said.What.RESPONSE) {
            throw new AssertionError(said + "\n" + log());
        }
        return said.body();
    }

    /** What the function says to an event. */
    Said invoke(String event) {
        api.invoke(event);
        return api.next();
    }

    /** Unpacks the archive into a folder. */
    static Path unpack(Path folder) {
        Path task = folder.resolve("task");
        try (InputStream file = Files.newInputStream(ARCHIVE);
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = task.resolve(entry.getName()).normalize();
                if (!target.startsWith(task)) {
                    throw new IllegalStateException(entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(zip, target);
                }
            }
            return task;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The native part for this processor, in a file of this test's own. */
    private static Path nativePart(Path file) {
        String processor = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
        if (Files.exists(file)) {
            return file;
        }
        try (Stream<Path> libraries = Files.list(RUNTIME)) {
            Path client = libraries
                    .filter(jar -> jar.getFileName().toString().startsWith("aws-lambda-java-runtime-interface-client-"))
                    .findFirst()
                    .orElseThrow();
            try (FileSystem jar = FileSystems.newFileSystem(client)) {
                return Files.copy(jar.getPath("jni", "libaws-lambda-jni.linux-" + processor + ".so"), file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        api.close();
    }
}
