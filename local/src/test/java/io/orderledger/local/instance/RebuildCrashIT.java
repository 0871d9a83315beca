package io.orderledger.local.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderledger.db.embedded.Bootstrap;
import io.orderledger.db.migrations.Migrations;
import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.cli.OrderLedger;
import io.orderledger.local.database.LocalDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A rebuild in a process of its own, which is killed, or whose PostgreSQL is killed, as the operating system kills. */
class RebuildCrashIT {
    private static final Logger LOG = LoggerFactory.getLogger(RebuildCrashIT.class);

    /** How many kills of each kind; {@code -Dorderledger.kills=20} for more. */
    private static final int KILLS = Integer.getInteger("orderledger.kills", 3);

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int ORDERS = 10_000;
    private static final int CHUNK = 125;

    @TempDir
    private Path data;

    private LocalDatabase database;

    @BeforeEach
    void start() {
        database = LocalDatabase.prepare(data);
        database.start();
        Migrations.migrate(database.dataSource(Bootstrap.MIGRATOR));
        database.admitRoles();
        ManyOrders.append(database.dataSource("ledger_recorder"), ORDERS, new Random(5));
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void a_rebuild_that_is_killed_goes_on_and_ends_equal() throws Exception {
        Random random = new Random();
        survives(random, (child, projection) -> child.destroyForcibly().waitFor() != 0);
    }

    @Test
    void a_rebuild_whose_server_is_killed_goes_on_once_it_is_back_and_ends_equal() throws Exception {
        survives(new Random(), (child, projection) -> {
            killServer();
            String said = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = child.waitFor();
            database.start();
            if (code == 0) {
                // It was shown to readers just before the server died: there was nothing left to interrupt.
                assertThat(phase(projection)).isEmpty();
                return false;
            }
            assertThat(code).isEqualTo(2);
            assertThat(said).contains("run the same again to go on");
            return true;
        });
    }

    @Test
    void an_interrupted_rebuild_ends_in_order_and_the_same_command_goes_on() throws Exception {
        Process child = rebuild("orders");
        awaitBegun(child);
        // SIGTERM; Ctrl-C is SIGINT, which the JVM takes in the same way. Process.destroy would close the output, too.
        child.toHandle().destroy();
        String said = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).isGreaterThan(100);

        assertThat(said).contains("was interrupted; run the same again to go on");
        assertThat(query("select count(*) from projection.rebuild")).containsExactly("1");
        assertThat(CommandLineCalls.run("status", "--database", database.url("ledger_reader"))
                        .out())
                .contains("interrupted; run it again to go on");
        assertThat(rebuild("orders").waitFor()).isZero();
        assertThat(query("select count(*) from projection.rebuild")).containsExactly("0");
    }

    /** What kills; says whether it was in time, or came when the rebuild had just ended. */
    private interface Kill {
        boolean of(Process child, String projection) throws Exception;
    }

    private void survives(Random random, Kill kill) throws Exception {
        List<String> projections = List.of("orders_v2", "daily_sales_v1");
        List<List<String>> before = new ArrayList<>();
        for (String projection : projections) {
            before.add(rows(projection));
        }
        long usualMillis = usualMillis();
        List<String> phases = new ArrayList<>();
        int kills = 0;
        while (kills < KILLS) {
            String projection = projections.get(kills % 2);
            Process child = rebuild(projection);
            awaitBegun(child);
            if (child.waitFor(random.nextLong(usualMillis), TimeUnit.MILLISECONDS)) {
                assertThat(child.exitValue()).isZero();
            } else {
                List<String> phase = phase(projection);
                if (kill.of(child, projection)) {
                    phases.addAll(phase);
                    kills++;
                }
            }
        }
        LOG.info("{} kills, when these rebuilds were in these phases: {}", kills, phases);

        for (int i = 0; i < projections.size(); i++) {
            String projection = projections.get(i);
            assertThat(rebuild(projection).waitFor()).isZero();
            assertThat(rows(projection)).isEqualTo(before.get(i));
            assertThat(CommandLineCalls.run(
                                    "check-projection", projection, "--database", database.url("ledger_projector"))
                            .exitCode())
                    .isZero();
        }
    }

    /** How long a rebuild takes from when it has begun to its end. */
    private long usualMillis() throws Exception {
        Process child = rebuild("orders");
        awaitBegun(child);
        long start = System.nanoTime();
        assertThat(child.waitFor()).isZero();
        return Math.max(1, Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    private void awaitBegun(Process child) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(TIMEOUT)
                .until(() -> !child.isAlive()
                        || !query("select 1 from projection.rebuild r where exists (select from pg_locks l"
                                        + " where l.locktype = 'advisory' and l.classid = " + 0x4f4c_5242 + ")")
                                .isEmpty());
    }

    /** The postmaster is killed; its children notice, and go, too. */
    private void killServer() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid"))
                .getFirst()
                .strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> children = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        await().atMost(TIMEOUT)
                .until(() -> !postmaster.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
        database.stop();
    }

    private Process rebuild(String name) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-Dorderledger.root=" + Path.of("..").toAbsolutePath().normalize(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        OrderLedger.class.getName(),
                        "rebuild",
                        name,
                        "--chunk",
                        Integer.toString(CHUNK),
                        "--database",
                        database.url("ledger_projector"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> phase(String projection) throws SQLException {
        return query("select phase from projection.rebuild where projection = '" + projection + "'");
    }

    private List<String> rows(String projection) throws SQLException {
        return query("select v::text from projection." + projection + " v order by 1");
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection connection = database.dataSource("ledger_auditor").getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
