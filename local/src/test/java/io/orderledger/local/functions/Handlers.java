package io.orderledger.local.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Small real handlers, as a function's code would have them. */
public final class Handlers {

    private Handlers() {}

    /** What {@link Recorder} wrote down, in no order. */
    public static List<String> recorded(Path folder) {
        Path events = folder.resolve("events");
        if (!Files.isDirectory(events)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(events)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .map(Handlers::read)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Answers what it got. */
    public static final class Echo implements RequestStreamHandler {
        public Echo(Map<String, String> environment) {
            environment.forEach((_, _) -> {});
        }

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
            input.transferTo(output);
        }
    }

    /** Writes every event into a file of its own in {@code FOLDER/events}. */
    public static final class Recorder implements RequestStreamHandler {
        private final Path events;

        public Recorder(Map<String, String> environment) throws IOException {
            events = Files.createDirectories(Path.of(environment.get("FOLDER")).resolve("events"));
        }

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
            Path written = Files.write(events.resolve(UUID.randomUUID() + ".part"), input.readAllBytes());
            Files.move(written, events.resolve(context.getAwsRequestId() + "-" + UUID.randomUUID() + ".json"));
            output.write("null".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Tells what its environment and its context say. */
    public static final class Describer implements RequestStreamHandler {
        private final Map<String, String> environment;

        public Describer(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
            String text = String.join(
                    "|",
                    environment.get("NAME"),
                    environment.get("AWS_LAMBDA_FUNCTION_NAME"),
                    context.getFunctionName(),
                    context.getInvokedFunctionArn(),
                    Integer.toString(context.getMemoryLimitInMB()),
                    Boolean.toString(context.getRemainingTimeInMillis() > 9000),
                    Boolean.toString(!context.getAwsRequestId().isEmpty()));
            output.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The failure of {@link Thrower}. */
    public static final class NotToday extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotToday() {
            super("not today", new IllegalArgumentException("because"));
        }
    }

    /** Always throws. */
    public static final class Thrower implements RequestStreamHandler {
        public static final AtomicInteger CALLS = new AtomicInteger();

        public Thrower(Map<String, String> environment) {
            environment.forEach((_, _) -> {});
        }

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) {
            CALLS.incrementAndGet();
            throw new NotToday();
        }
    }

    /** Throws until it was called as often as the event says, for each event by itself. */
    public static final class ThirdTimeLucky implements RequestStreamHandler {
        public static final AtomicInteger CALLS = new AtomicInteger();
        public static final List<String> REQUEST_IDS = new java.util.concurrent.CopyOnWriteArrayList<>();

        public ThirdTimeLucky(Map<String, String> environment) {
            environment.forEach((_, _) -> {});
        }

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) {
            REQUEST_IDS.add(context.getAwsRequestId());
            if (CALLS.incrementAndGet() < 3) {
                throw new NotToday();
            }
        }
    }

    /** Waits until it is interrupted, and says so. */
    public static final class Waiter implements RequestStreamHandler {
        public static final AtomicInteger INSTANCES = new AtomicInteger();
        public static volatile CountDownLatch interrupted = new CountDownLatch(1);

        public Waiter(Map<String, String> environment) {
            environment.forEach((_, _) -> {});
            INSTANCES.incrementAndGet();
        }

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }
    }

    /** Holds every invocation until the test opens the gate, and notices when one object serves two at once. */
    public static final class Gate implements RequestStreamHandler {
        public static volatile CountDownLatch open = new CountDownLatch(1);
        public static final AtomicInteger INSIDE = new AtomicInteger();
        public static final AtomicInteger INSTANCES = new AtomicInteger();
        public static final AtomicInteger SHARED = new AtomicInteger();

        private final AtomicInteger mine = new AtomicInteger();

        public Gate(Map<String, String> environment) {
            environment.forEach((_, _) -> {});
            INSTANCES.incrementAndGet();
        }

        public static void reset() {
            open = new CountDownLatch(1);
            INSIDE.set(0);
            INSTANCES.set(0);
            SHARED.set(0);
        }

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
            if (mine.incrementAndGet() > 1) {
                SHARED.incrementAndGet();
            }
            INSIDE.incrementAndGet();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            } finally {
                INSIDE.decrementAndGet();
                mine.decrementAndGet();
            }
        }
    }

    /** Cannot be made. */
    public static final class Stillborn implements RequestStreamHandler {
        public Stillborn(Map<String, String> environment) {
            throw new IllegalStateException("no database for " + environment.get("NAME"));
        }

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) {
            throw new AssertionError("never called");
        }
    }

    /** Has no constructor for its environment. */
    public static final class Environmentless implements RequestStreamHandler {
        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) {
            throw new AssertionError("never called");
        }
    }
}
