package io.orderledger.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.orderledger.handlers.announce.BusServer;
import io.orderledger.handlers.heads.BucketServer;
import io.orderledger.handlers.heads.KeyServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every function runs from what is deployed: the archive alone, beside what Lambda's Java runtime brings. */
class LambdaArchiveIT {
    /** What Maven makes, or what SAM made of it. */
    private static final Path ARCHIVE =
            Path.of(System.getProperty("orderledger.lambda.archive", "target/order-ledger-handlers-lambda.zip"));

    private static final List<Path> TEMPLATES =
            List.of(Path.of("..", "sam", "template.yaml"), Path.of("..", "sam", "database.yaml"));
    private static final long MAX_SIZE_BYTES = 16_000_000;

    @TempDir
    private static Path folder;

    private static URLClassLoader loader;
    private static FunctionDatabase database;

    /** What the functions log, which take standard output as they find it when they are loaded. */
    private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();

    private static PrintStream output;

    @BeforeAll
    static void start() throws IOException {
        output = System.out;
        System.setOut(new PrintStream(LOG, true, StandardCharsets.UTF_8));
        unpack();
        List<URL> classpath = new ArrayList<>(List.of(folder.toUri().toURL()));
        try (Stream<Path> libraries = Files.list(folder.resolve("lib"))) {
            for (Path library : libraries.sorted().toList()) {
                classpath.add(library.toUri().toURL());
            }
        }
        loader = new URLClassLoader(classpath.toArray(URL[]::new), new RuntimeOfLambda());
        database = new FunctionDatabase();
    }

    @AfterAll
    static void stop() throws IOException {
        System.setOut(output);
        database.close();
        loader.close();
    }

    @Test
    void is_small() throws IOException {
        assertThat(Files.size(ARCHIVE)).isLessThan(MAX_SIZE_BYTES);
    }

    @Test
    void is_the_same_to_the_byte_when_the_content_is() throws IOException, InterruptedException {
        Path first = folder.resolveSibling(folder.getFileName() + "-1.zip");
        Path second = folder.resolveSibling(folder.getFileName() + "-2.zip");

        pack(first);
        Files.setLastModifiedTime(folder.resolve("rds-authorities.pem"), FileTime.from(Instant.EPOCH));
        pack(second);

        assertThat(first).hasSameBinaryContentAs(second);
        Files.delete(first);
        Files.delete(second);
    }

    /** As the build does, from what was unpacked. */
    private static void pack(Path archive) throws IOException, InterruptedException {
        Process packing = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "src/archive/java/LambdaArchive.java",
                        folder.toString(),
                        archive.toString())
                .inheritIO()
                .start();
        assertThat(packing.waitFor()).isZero();
    }

    @Test
    void holds_every_handler_that_the_template_names() throws IOException {
        List<String> handlers = new ArrayList<>();
        for (Path template : TEMPLATES) {
            Pattern.compile("Handler: (\\S+)")
                    .matcher(Files.readString(template))
                    .results()
                    .forEach(result -> handlers.add(result.group(1)));
        }

        assertThat(handlers)
                .hasSizeGreaterThanOrEqualTo(8)
                .allSatisfy(name -> assertThat(RequestStreamHandler.class.isAssignableFrom(loader.loadClass(name)))
                        .isTrue());
    }

    @Test
    void logs_lines_of_json() throws ReflectiveOperationException {
        Object loggers = loader.loadClass("org.slf4j.LoggerFactory")
                .getMethod("getILoggerFactory")
                .invoke(null);

        assertThat(loggers.getClass().getName()).isEqualTo("io.orderledger.handlers.logging.JsonLogging");
    }

    @Test
    void a_line_about_an_event_names_request_trace_event_and_order() {
        UUID orderId = UUID.randomUUID();

        Invocation.of(
                function("createorder.CreateOrder", database.environment("ledger_recorder")),
                Messages.placement(orderId, Messages.order()).toString());

        assertThat(LOG.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(orderId.toString())))
                .singleElement()
                .satisfies(line -> {
                    JsonNode fields = Messages.json(line);
                    assertThat(fields.get("requestId").textValue()).isEqualTo("c6af9ac6-7b61-11e6-9a41-93e8deadbeef");
                    assertThat(fields.get("traceId").textValue()).isEqualTo("1-67891233-abcdef012345678912345678");
                    assertThat(fields.get("eventId").textValue()).isEqualTo(orderId.toString());
                    assertThat(fields.get("orderId").textValue()).isEqualTo(orderId.toString());
                });
    }

    @Test
    void records_and_reads() {
        UUID orderId = UUID.randomUUID();
        Map<String, String> recorder = database.environment("ledger_recorder");

        Invocation.of(
                function("createorder.CreateOrder", recorder),
                Messages.placement(orderId, Messages.order()).toString());
        Invocation.of(
                function("cancelorder.CancelOrder", recorder),
                Messages.cancellation(UUID.randomUUID(), orderId, "{}").toString());
        Invocation.of(
                function("recordprogress.RecordProgress", recorder),
                Messages.report("OrderPrepared", UUID.randomUUID(), orderId, Instant.EPOCH)
                        .toString());
        String answer = Invocation.of(
                function("listorders.ListOrders", database.environment("ledger_reader")),
                Messages.resource("api-gateway-proxy-request.json").toString());

        assertThat(Messages.json(answer).get("body").textValue())
                .contains(orderId.toString(), "CANCELLED", "preparedAt\":\"1970");
    }

    @Test
    void migrates() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        HttpServer cloudFormation = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cloudFormation.createContext("/", exchange -> {
            try (exchange) {
                answer.complete(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        cloudFormation.start();
        try {
            Invocation.of(
                    function("migrate.Migrate", database.environment("migrator")),
                    Messages.resource("cloudformation-create.json")
                            .put(
                                    "ResponseURL",
                                    "http://127.0.0.1:"
                                            + cloudFormation.getAddress().getPort() + "/")
                            .toString());
        } finally {
            cloudFormation.stop(0);
        }

        assertThat(Messages.json(answer.get()).get("Status").textValue()).isEqualTo("SUCCESS");
    }

    @Test
    void signs_tokens_and_calls_queues_with_what_is_left_of_the_sdk() throws IOException {
        Map<String, String> environment = database.environment("ledger_recorder");
        environment.remove("PGPASSWORD");
        environment.remove("PGSSLMODE");
        String nobody = "http://127.0.0.1:" + closedPort();
        environment.put("PGPORT", Integer.toString(closedPort()));
        environment.put("AWS_ENDPOINT_URL_SQS", nobody);
        for (String kind : List.of("RULE", "FUNCTION", "WORKFLOW")) {
            environment.put(kind + "_DEAD_LETTER_QUEUE_URL", nobody + "/111122223333/" + kind);
        }

        Throwable append = catchThrowable(() -> Invocation.of(
                function("createorder.CreateOrder", environment),
                Messages.placement(UUID.randomUUID(), Messages.order()).toString()));
        Throwable replay = catchThrowable(() -> Invocation.of(function("replay.ReplayDeadLetters", environment), "{}"));

        // A token was signed, or the connection would not even have been tried.
        assertThat(append.getClass().getName()).isEqualTo("io.orderledger.ledger.LedgerUnavailable");
        assertThat(append).hasMessageContaining("refused");
        assertThat(replay.getClass().getName()).isEqualTo("software.amazon.awssdk.core.exception.SdkClientException");
    }

    @Test
    void exports_heads_with_what_is_left_of_the_sdk() {
        Map<String, String> environment = database.environment("ledger_reader");
        Invocation.of(
                function("createorder.CreateOrder", database.environment("ledger_recorder")),
                Messages.placement(UUID.randomUUID(), Messages.order()).toString());
        try (BucketServer bucket = new BucketServer();
                KeyServer key = new KeyServer()) {
            environment.put("AWS_ENDPOINT_URL_S3", bucket.endpoint());
            environment.put("AWS_ENDPOINT_URL_KMS", key.endpoint());
            environment.put("HEAD_BUCKET", bucket.bucket());
            environment.put("HEAD_PREFIX", "heads/");
            environment.put("HEAD_KEY_ID", key.keyId());
            RequestStreamHandler function = function("heads.ExportHeads", environment);

            String first = Invocation.of(function, "{}");
            String second = Invocation.of(function, "{}");

            assertThat(Messages.json(first).get("exported").booleanValue()).isTrue();
            assertThat(Messages.json(second).get("exported").booleanValue()).isFalse();

            bucket.deny("s3:ListBucketVersions");
            assertThat(catchThrowable(() -> Invocation.of(function, "{}"))
                            .getClass()
                            .getName())
                    .isEqualTo("io.orderledger.handlers.heads.HeadBucketUnusable");
            key.refuse(400, "AccessDeniedException");
            assertThat(catchThrowable(() -> Invocation.of(function("heads.ExportHeads", environment), "{}"))
                            .getClass()
                            .getName())
                    .isEqualTo("io.orderledger.handlers.heads.SigningKeyUnusable");
        }
    }

    @Test
    void announces_events_with_what_is_left_of_the_sdk() {
        Invocation.of(
                function("createorder.CreateOrder", database.environment("ledger_recorder")),
                Messages.placement(UUID.randomUUID(), Messages.order()).toString());
        try (BusServer bus = new BusServer()) {
            Map<String, String> environment = database.environment("ledger_publisher");
            environment.put("AWS_ENDPOINT_URL_EVENTBRIDGE", bus.endpoint());
            environment.put("ORDER_BUS_NAME", "orders");
            environment.put("METRICS_NAMESPACE", "OrderLedger/test");

            bus.deny(true);
            assertThat(catchThrowable(() -> Invocation.of(function("announce.AnnounceEvents", environment), "{}"))
                            .getClass()
                            .getName())
                    .startsWith("software.amazon.awssdk.services.eventbridge.model.");
            bus.deny(false);
            String answer = Invocation.of(function("announce.AnnounceEvents", environment), "{}");

            assertThat(Messages.json(answer).get("announced").intValue()).isPositive();
            assertThat(bus.taken())
                    .hasSize(Messages.json(answer).get("announced").intValue());
        }
    }

    private static RequestStreamHandler function(String name, Map<String, String> environment) {
        try {
            return (RequestStreamHandler) loader.loadClass("io.orderledger.handlers." + name)
                    .getConstructor(Map.class)
                    .newInstance(environment);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    private static void unpack() throws IOException {
        assertThat(ARCHIVE).as("built by mvn package").exists();
        try (FileSystem zip = FileSystems.newFileSystem(ARCHIVE);
                Stream<Path> entries = Files.walk(zip.getPath("/"))) {
            for (Path entry : entries.toList()) {
                Path target = folder.resolve(zip.getPath("/").relativize(entry).toString());
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(target);
                } else {
                    try (InputStream content = Files.newInputStream(entry)) {
                        Files.copy(content, target);
                    }
                }
            }
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The JDK and Lambda's interfaces, and nothing else of this test's class path. */
    private static final class RuntimeOfLambda extends ClassLoader {
        private static final Pattern INTERFACES =
                Pattern.compile("com\\.amazonaws\\.services\\.lambda\\.runtime\\.[A-Za-z]+");

        RuntimeOfLambda() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (INTERFACES.matcher(name).matches()) {
                return LambdaArchiveIT.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
