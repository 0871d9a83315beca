package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orderledger.db.embedded.Bootstrap;
import io.orderledger.db.migrations.Migrations;
import io.orderledger.ledger.heads.FileHeadSigner;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.heads.HeadConflict;
import io.orderledger.ledger.heads.HeadExporter;
import io.orderledger.local.cli.CommandLineCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup that was taken in the middle of appends becomes a new cluster, and everything goes on there: heads, seals, views, and replays of what the
 * backup does not have.
 */
class BackupIT {
    private static final String DATABASE = "orders";
    private static final int BEFORE = 300;
    private static final int AFTERWARDS = 100;

    @TempDir
    private Path folder;

    private Path heads;
    private FileHeadSigner signer;

    /** Makes a new cluster of a running one. */
    @FunctionalInterface
    private interface Restore {
        Cluster of(Cluster original) throws Exception;
    }

    @BeforeEach
    void find() {
        assumeTrue(Cluster.isInstalled(), "skipped: PostgreSQL's programs are not in " + Cluster.programs());
        heads = folder.resolve("heads");
        signer = FileHeadSigner.in(folder.resolve("head-key"));
    }

    @Test
    void goes_on_from_a_dump_in_a_new_cluster() throws Exception {
        goesOn("dump restored into a new cluster", original -> {
            Path dump = original.folder().resolve("dump");
            original.program("pg_dump", "--format=custom", "--file=" + dump, DATABASE);
            original.program(
                    "pg_dumpall", "--roles-only", "--file=" + original.folder().resolve("roles.sql"));
            Cluster restored = Cluster.make(folder.resolve("restored"));
            // The new cluster has its own superuser.
            Path roles = restored.folder().resolve("roles.sql");
            Files.write(
                    roles,
                    Files.readAllLines(original.folder().resolve("roles.sql")).stream()
                            .filter(line -> !line.matches("(CREATE|ALTER) ROLE postgres.*"))
                            .toList());
            restored.program("psql", "--set=ON_ERROR_STOP=1", "--file=" + roles, "postgres");
            Bootstrap.database(restored, DATABASE);
            restored.program("pg_restore", "--exit-on-error", "--dbname=" + DATABASE, dump.toString());
            return restored;
        });
    }

    @Test
    void goes_on_from_a_base_backup() throws Exception {
        goesOn("base backup started as a new cluster", original -> original.baseBackup(folder.resolve("restored")));
    }

    private void goesOn(String fault, Restore restore) throws Exception {
        int newest;
        Cluster restored;
        try (Cluster original = Cluster.make(folder.resolve("original"))) {
            Bootstrap.migrator(original, "");
            Bootstrap.database(original, DATABASE);
            Migrations.migrate(original.dataSource(DATABASE, Bootstrap.MIGRATOR, ""));
            DataSource recorder = original.dataSource(DATABASE, "ledger_recorder", "");
            Orders.append(recorder, 0, BEFORE);
            Orders.keepUp(recorder);
            assertThat(exporter(original, heads).export()).isPresent();

            Appender appender = new Appender(recorder, BEFORE);
            restored = restore.of(original);
            newest = appender.end();
            Orders.append(recorder, newest, newest + AFTERWARDS);
            newest += AFTERWARDS;
            Orders.keepUp(recorder);
        }
        try (restored) {
            long begin = System.nanoTime();
            demandGoingOn(restored, newest);
            FaultTable.row(
                    fault,
                    1,
                    AFTERWARDS,
                    AFTERWARDS,
                    new Books.Outcome(newest, 0, 0, 0),
                    List.of((System.nanoTime() - begin) / 1_000_000));
        }
    }

    private void demandGoingOn(Cluster restored, int newest) throws Exception {
        DataSource recorder = restored.dataSource(DATABASE, "ledger_recorder", "");
        // As it was restored: it fits the heads from before the backup, and so do its views.
        verify(restored, heads, 0);
        checkViews(restored);

        // What the backup does not have is delivered again, as all of it may be.
        int known = Orders.query(auditor(restored), "select count(*) from ledger.event").stream()
                .mapToInt(Integer::parseInt)
                .sum();
        assertThat(known).isBetween(BEFORE, newest - AFTERWARDS);
        assertThat(Orders.append(recorder, 0, newest)).isEqualTo(newest - known);
        assertThat(Orders.append(recorder, 0, newest)).isZero();
        Orders.append(recorder, newest, newest + AFTERWARDS);
        Orders.keepUp(recorder);

        assertThat(Orders.query(auditor(restored), "select count(*) from projection.orders_v2"))
                .containsExactly(Integer.toString(newest + AFTERWARDS));
        assertThat(exporter(restored, heads).export()).isPresent();
        verify(restored, heads, 0);
        checkViews(restored);
    }

    /**
     * A head that was exported after the backup cannot be of the restored ledger: what it covers has been lost, and what is delivered again stands
     * elsewhere. That has to show for ever, and the restored ledger goes on under another name.
     */
    @Test
    void says_that_a_restored_ledger_is_behind_an_exported_head_and_goes_on_as_another_incarnation() throws Exception {
        Cluster restored;
        try (Cluster original = Cluster.make(folder.resolve("original"))) {
            Bootstrap.migrator(original, "");
            Bootstrap.database(original, DATABASE);
            Migrations.migrate(original.dataSource(DATABASE, Bootstrap.MIGRATOR, ""));
            DataSource recorder = original.dataSource(DATABASE, "ledger_recorder", "");
            Orders.append(recorder, 0, BEFORE);
            Orders.keepUp(recorder);
            assertThat(exporter(original, heads).export()).isPresent();
            restored = original.baseBackup(folder.resolve("restored"));
            Orders.append(recorder, BEFORE, BEFORE + AFTERWARDS);
            Orders.keepUp(recorder);
            assertThat(exporter(original, heads).export()).isPresent();
        }
        try (restored) {
            assertThat(verify(restored, heads, 1)).contains("HEAD").contains("the ledger ends at size");
            assertThatExceptionOfType(HeadConflict.class)
                    .isThrownBy(() -> exporter(restored, heads).export());

            // Delivered again, in another order, and past the head's size: it never fits again.
            DataSource recorder = restored.dataSource(DATABASE, "ledger_recorder", "");
            Orders.append(recorder, BEFORE + AFTERWARDS / 2, BEFORE + 2 * AFTERWARDS);
            Orders.append(recorder, BEFORE, BEFORE + AFTERWARDS / 2);
            Orders.keepUp(recorder);
            assertThat(verify(restored, heads, 1)).contains("HEAD");
            assertThatExceptionOfType(HeadConflict.class)
                    .isThrownBy(() -> exporter(restored, heads).export());

            // As docs/deployment.md says.
            Orders.execute(restored.dataSource(DATABASE, Bootstrap.MIGRATOR, ""), """
                    begin;
                    set local role ledger_owner;
                    alter table ledger.identity disable trigger identity_is_immutable;
                    update ledger.identity set incarnation = gen_random_uuid();
                    alter table ledger.identity enable always trigger identity_is_immutable;
                    commit""");
            Path newHeads = folder.resolve("new-heads");
            assertThat(exporter(restored, newHeads).export()).isPresent();
            verify(restored, newHeads, 0);
            assertThat(verify(restored, heads, 1)).contains("SIGNATURE").contains("no signature of");
            checkViews(restored);
        }
    }

    private HeadExporter exporter(Cluster cluster, Path store) {
        return new HeadExporter(cluster.dataSource(DATABASE, "ledger_reader", ""), signer, new FolderHeadStore(store));
    }

    private static DataSource auditor(Cluster cluster) {
        return cluster.dataSource(DATABASE, "ledger_auditor", "");
    }

    /** By the command, as an auditor does it. */
    private String verify(Cluster cluster, Path store, int expected) {
        CommandLineCalls.Result result = CommandLineCalls.run(
                "verify",
                "--database",
                url(cluster, "ledger_auditor"),
                "--heads",
                store.toString(),
                "--key",
                exporter(cluster, store).verifierKey().toString());
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(expected);
        return result.out();
    }

    private static void checkViews(Cluster cluster) {
        CommandLineCalls.Result result =
                CommandLineCalls.run("check-projection", "orders", "--database", url(cluster, "ledger_projector"));
        assertThat(result.exitCode()).as(result.toString()).isZero();
    }

    private static String url(Cluster cluster, String role) {
        return "postgresql://" + role + ":none@127.0.0.1:" + cluster.port() + "/" + DATABASE;
    }

    /** Appends until it is told to end. */
    private static final class Appender {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger next;
        private final Thread thread;

        Appender(DataSource recorder, int from) {
            next = new AtomicInteger(from);
            thread = Thread.startVirtualThread(() -> {
                while (!over.get()) {
                    Orders.append(recorder, next.get(), next.get() + 1);
                    next.incrementAndGet();
                    if (next.get() % 10 == 0) {
                        Orders.keepUp(recorder);
                    }
                }
            });
        }

        /** The first number that it did not append. */
        int end() throws InterruptedException {
            over.set(true);
            thread.join();
            return next.get();
        }
    }
}
