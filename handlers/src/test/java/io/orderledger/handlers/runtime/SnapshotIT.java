package io.orderledger.handlers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.runtime.RuntimeApi.Said;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions that are published, and environments that begin from their snapshots. */
@EnabledOnOs(OS.LINUX)
class SnapshotIT {
    /** Where the names of the classes are kept; {@code -Dorderledger.primed-classes=write} writes them anew. */
    private static final Path PRIMED =
            Path.of("src/main/resources/io/orderledger/handlers/snapshot/primed-classes.txt");

    /** What a first request loads after the snapshot at most. The rehearsal alone leaves 500; neither, more than a thousand. */
    private static final int MAX_LOADED_LATE = 300;

    private static final Pattern LOADED =
            Pattern.compile("\\[class,load\\s*] (\\S+) source: (file:|jrt:/)\\S*", Pattern.MULTILINE);

    @TempDir
    private static Path folder;

    private static Path task;
    private static FunctionDatabase database;

    @BeforeAll
    static void start() {
        task = FunctionProcess.unpack(folder);
        database = new FunctionDatabase();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void the_first_request_after_the_snapshot_is_recorded() {
        UUID orderId = UUID.randomUUID();
        try (FunctionProcess function =
                FunctionProcess.publish(task, "createorder.CreateOrder", database.environment("ledger_recorder"))) {
            function.restore();

            function.answer(Messages.placement(orderId, Messages.order()).toString());
        }

        assertThat(database.listed(orderId)).isPresent();
    }

    @Test
    void environments_of_one_snapshot_record_different_orders() {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        try (FunctionProcess function =
                FunctionProcess.publish(task, "cancelorder.CancelOrder", database.environment("ledger_recorder"))) {
            function.restore();

            function.answer(
                    Messages.cancellation(UUID.randomUUID(), first, "{}").toString());
            function.answer(
                    Messages.cancellation(UUID.randomUUID(), second, "{}").toString());
        }

        assertThat(database.history(first)).hasSize(1);
        assertThat(database.history(second)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "createorder.CreateOrder",
                "recordprogress.RecordProgress",
                "announce.AnnounceEvents",
                "cancelorder.CancelOrder",
                "listorders.ListOrders",
                "replay.ReplayDeadLetters",
                "replay.ReplayByItself",
                "replay.WatchDeadLetters",
                "parked.ManageParked",
                "heads.ExportHeads",
                "upkeep.KeepUp",
                "checkprojections.CheckProjections"
            })
    void a_version_is_published_without_a_word_to_the_database_or_aws(String handler) throws IOException {
        try (ServerSocketChannel anybody = ServerSocketChannel.open()) {
            anybody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            anybody.configureBlocking(false);
            String port = Integer.toString(((InetSocketAddress) anybody.getLocalAddress()).getPort());

            try (FunctionProcess function = FunctionProcess.publish(task, handler, listeningAt(port))) {
                assertThat(function.log()).contains("Ready for a snapshot").doesNotContain("Not all");
            }

            // Whoever had called, the call would be waiting here.
            assertThat(anybody.accept()).isNull();
        }
    }

    @Test
    void a_version_is_published_while_the_database_is_away() {
        Map<String, String> environment = database.environment("ledger_recorder");
        environment.put("PGPORT", "1");
        try (FunctionProcess function = FunctionProcess.publish(task, "createorder.CreateOrder", environment)) {
            function.restore();

            Said said = function.invoke(
                    Messages.placement(UUID.randomUUID(), Messages.order()).toString());

            assertThat(said.what()).isEqualTo(Said.What.ERROR);
            assertThat(said.body()).contains("LedgerUnavailable");
        }
    }

    @Test
    void credentials_are_asked_for_after_the_restore_and_a_token_is_signed_by_them() {
        try (CredentialsEndpoint lambda = new CredentialsEndpoint();
                FunctionProcess function =
                        FunctionProcess.publish(task, "createorder.CreateOrder", signingIn(lambda))) {
            assertThat(lambda.authorizations()).isEmpty();
            function.restore();

            Said said = function.invoke(placement());

            // Without a token the connection would not even have been tried.
            assertThat(said.body()).contains("LedgerUnavailable", "refused");
            assertThat(lambda.authorizations()).containsExactly(CredentialsEndpoint.TOKEN);
        }
    }

    @Test
    void a_first_request_finds_its_classes_loaded() throws IOException {
        SortedSet<String> loaded = new TreeSet<>();
        int late = loadedLate("createorder.CreateOrder", database.environment("ledger_recorder"), placement(), loaded);
        loadedLate("cancelorder.CancelOrder", database.environment("ledger_recorder"), cancellation(), loaded);
        loadedLate(
                "listorders.ListOrders",
                database.environment("ledger_reader"),
                Messages.resource("api-gateway-proxy-request.json").toString(),
                loaded);
        loadedLate("upkeep.KeepUp", database.environment("ledger_keeper"), "{}", loaded);
        int lateToSignIn;
        try (CredentialsEndpoint lambda = new CredentialsEndpoint()) {
            lateToSignIn = loadedLate("createorder.CreateOrder", signingIn(lambda), placement(), loaded);
        }
        if ("write".equals(System.getProperty("orderledger.primed-classes"))) {
            // The archive has the former names still: what they are good for shows in the next run.
            Files.write(PRIMED, loaded);
            return;
        }

        assertThat(Files.readAllLines(PRIMED)).hasSizeGreaterThan(1_000);
        assertThat(List.of(late, lateToSignIn))
                .allSatisfy(count -> assertThat(count).isLessThan(MAX_LOADED_LATE));
    }

    /**
     * How many classes of the archive and the JDK are loaded after the snapshot.
     *
     * @param all gets the names of those that were loaded, early or late
     */
    private static int loadedLate(String handler, Map<String, String> environment, String event, SortedSet<String> all)
            throws IOException {
        Path log = Files.createTempFile(folder, handler, ".classes");
        environment.put("METRICS_NAMESPACE", "Test");
        try (FunctionProcess function =
                FunctionProcess.publish(task, handler, environment, "-Xlog:class+load:file=" + log)) {
            int early = names(log).size();
            function.restore();
            function.invoke(event);
            // Once more, to have seen what only happens afterwards.
            function.invoke(event);
            SortedSet<String> names = names(log);
            all.addAll(names);
            return names.size() - early;
        }
    }

    private static SortedSet<String> names(Path log) throws IOException {
        SortedSet<String> names = new TreeSet<>();
        Matcher matcher = LOADED.matcher(Files.readString(log, StandardCharsets.UTF_8));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        names.removeIf(name -> name.contains("/0x")
                || name.contains("$Proxy")
                // The runtime's own.
                || name.startsWith("com.amazonaws.lambda.")
                || (name.startsWith("com.amazonaws.services.lambda.") && !name.contains(".events.")));
        return names;
    }

    private static String placement() {
        return Messages.placement(UUID.randomUUID(), Messages.order()).toString();
    }

    private static String cancellation() {
        return Messages.cancellation(UUID.randomUUID(), UUID.randomUUID(), "{}").toString();
    }

    /** As on Lambda, where the role's credentials come from an endpoint; nobody listens where the database should be. */
    private static Map<String, String> signingIn(CredentialsEndpoint lambda) {
        Map<String, String> environment = database.environment("ledger_recorder");
        List.of("PGPASSWORD", "PGSSLMODE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
                .forEach(environment::remove);
        environment.put("PGPORT", "1");
        environment.putAll(lambda.environment());
        return environment;
    }

    private static Map<String, String> listeningAt(String port) {
        Map<String, String> environment = database.environment("ledger_recorder");
        String address = "http://127.0.0.1:" + port;
        environment.put("PGPORT", port);
        environment.put("METRICS_NAMESPACE", "Test");
        environment.put("ORDER_BUS_NAME", "orders");
        environment.put("HEAD_BUCKET", "heads");
        environment.put("HEAD_PREFIX", "heads/");
        environment.put("HEAD_KEY_ID", "key");
        for (String service : List.of("EVENTBRIDGE", "S3", "KMS", "SQS")) {
            environment.put("AWS_ENDPOINT_URL_" + service, address);
        }
        for (String kind : List.of("RULE", "FUNCTION", "WORKFLOW")) {
            environment.put(kind + "_DEAD_LETTER_QUEUE_URL", address + "/111122223333/" + kind);
        }
        return environment;
    }
}
