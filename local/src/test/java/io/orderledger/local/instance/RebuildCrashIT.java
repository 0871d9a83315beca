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
        survives(random, child -> child.destroyForcibly().waitFor());
    }

    @Test
    void a_rebuild_whose_server_is_killed_goes_on_once_it_is_back_and_ends_equal() throws Exception {
        survives(new Random(), child -> {
            killServer();
            String said = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor()).isEqualTo(2);
            assertThat(said).contains("run the same again to go on");
            database.start();
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

    /** What kills. */
    private interface Kill {
        void of(Process child) throws Exception;
    }

    private void survives(Random random, Kill kill) throws Exception {
        List<String> names = List.of("orders", "daily_sales");
        List<List<String>> before = new ArrayList<>();
        for (String name : names) {
            before.add(rows(name));
        }
        long usualMillis = usualMillis();
        List<String> phases = new ArrayList<>();
        int kills = 0;
        while (kills < KILLS) {
            Process child = rebuild(names.get(kills % 2));
            awaitBegun(child);
            if (child.waitFor(random.nextLong(usualMillis), TimeUnit.MILLISECONDS)) {
                assertThat(child.exitValue()).isZero();
            } else {
                phases.addAll(query(
                        "select phase from projection.rebuild where projection = '" + names.get(kills % 2) + "_v1'"));
                kill.of(child);
                kills++;
            }
        }
        LOG.info("{} kills, when these rebuilds were in these phases: {}", kills, phases);

        for (int i = 0; i < names.size(); i++) {
            assertThat(rebuild(names.get(i)).waitFor()).isZero();
            assertThat(rows(names.get(i))).isEqualTo(before.get(i));
            assertThat(CommandLineCalls.run(
                                    "check-projection", names.get(i), "--database", database.url("ledger_projector"))
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

    private List<String> rows(String name) throws SQLException {
        return query("select v::text from projection." + name + "_v1 v order by 1");
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
