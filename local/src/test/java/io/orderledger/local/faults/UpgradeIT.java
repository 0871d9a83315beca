package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.orderledger.db.embedded.Bootstrap;
import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.db.migrations.Migrations;
import io.orderledger.ledger.heads.FileHeadSigner;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.heads.HeadExporter;
import io.orderledger.ledger.verify.Verification;
import io.orderledger.ledger.verify.Verifier;
import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.projections.Projection;
import io.orderledger.projections.registered.RegisteredProjections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema is brought from the version before the newest to the newest, with orders in it, and with interruptions. */
class UpgradeIT {
    private static final Path TEMPLATE = Path.of("..", "sam", "template.yaml");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int INTERRUPTIONS = Extent.of(2, 10);
    private static final int ORDERS = 200;
    private static final long HELD = 4711;

    /** Stops a migration after any of its statements, in the middle of its transaction. */
    private static final String HOLD = """
            create function public.hold() returns event_trigger language plpgsql as
            'begin perform pg_advisory_xact_lock(%d); end';
            create event trigger hold on ddl_command_end execute function public.hold()""".formatted(HELD);

    @TempDir
    private Path folder;

    private TemporaryDatabase database;
    private HeadExporter exporter;

    @BeforeEach
    void fill() throws Exception {
        database = TemporaryDatabase.createAtVersion(newest() - 1);
        Orders.append(database.as("ledger_recorder"), 0, ORDERS);
        Orders.keepUp(database.as("ledger_recorder"));
        exporter = new HeadExporter(
                database.as("ledger_reader"),
                FileHeadSigner.in(folder.resolve("head-key")),
                new FolderHeadStore(folder.resolve("heads")));
        assertThat(exporter.export()).isPresent();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void keeps_ledger_and_views_and_goes_on() throws Exception {
        List<List<String>> before = views();
        database.migrate();
        assertThat(views()).isEqualTo(before);
        demandGoingOn();
    }

    @Test
    void begins_again_after_any_interruption_and_nobody_notices_half_of_it() throws Exception {
        List<List<String>> before = views();
        Orders.execute(database.asSuperuser(), HOLD);
        for (int time = 0; time < INTERRUPTIONS; time++) {
            interrupt();
            assertThat(schemaVersion()).isEqualTo(Integer.toString(newest() - 1));
            assertThat(views()).isEqualTo(before);
        }
        Orders.execute(database.asSuperuser(), "drop event trigger hold");
        long begin = System.nanoTime();
        database.migrate();
        assertThat(schemaVersion()).isEqualTo(Integer.toString(newest()));
        assertThat(views()).isEqualTo(before);
        demandGoingOn();
        FaultTable.row(
                "migration from the version before, interrupted",
                INTERRUPTIONS,
                0,
                0,
                new Books.Outcome(2 * ORDERS, 0, 0, 0),
                List.of((System.nanoTime() - begin) / 1_000_000));
    }

    /** Ends the migration's session when it has done one statement. */
    private void interrupt() throws Exception {
        try (Connection holder = database.asSuperuser().getConnection()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("select pg_advisory_xact_lock(" + HELD + ")");
            CompletableFuture<Void> migration = CompletableFuture.runAsync(database::migrate);
            await().atMost(PATIENCE)
                    .until(() -> !Orders.query(database.asSuperuser(), waiting("pid"))
                            .isEmpty());
            Orders.query(database.asSuperuser(), waiting("pg_terminate_backend(pid)"));
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(migration::join)
                    .withCauseInstanceOf(Migrations.MigrationFailed.class);
        }
    }

    private static String waiting(String what) {
        return "select " + what + " from pg_locks where locktype = 'advisory' and objid = " + HELD + " and not granted"
                + " and database = (select oid from pg_database where datname = current_database())";
    }

    private void demandGoingOn() throws Exception {
        assertThat(Orders.append(database.as("ledger_recorder"), 0, ORDERS)).isZero();
        assertThat(Orders.append(database.as("ledger_recorder"), ORDERS, 2 * ORDERS))
                .isEqualTo(ORDERS);
        Orders.keepUp(database.as("ledger_recorder"));
        assertThat(exporter.export()).isPresent();
        Verification verification = new Verifier(
                        database.as("ledger_auditor"),
                        1,
                        Optional.of(new Verifier.Exported(
                                new FolderHeadStore(folder.resolve("heads")), exporter.verifierKey())))
                .verify((done, total) -> {});
        assertThat(verification.finding()).isEmpty();
        assertThat(verification.heads()).isEqualTo(2);
        for (Projection projection : RegisteredProjections.ALL) {
            String url = "postgresql://ledger_projector:none@" + database.host() + ":" + database.port() + "/"
                    + database.name();
            CommandLineCalls.Result checked =
                    CommandLineCalls.run("check-projection", projection.name(), "--database", url);
            assertThat(checked.exitCode()).as(checked.toString()).isZero();
        }
    }

    private List<List<String>> views() throws SQLException {
        List<List<String>> views = new ArrayList<>();
        for (Projection projection : RegisteredProjections.ALL) {
            views.add(Orders.query(
                    database.as("ledger_auditor"),
                    "select v::text from projection." + projection.id() + " v order by 1"));
        }
        assertThat(views.getFirst()).hasSize(ORDERS);
        return views;
    }

    private String schemaVersion() throws SQLException {
        return Orders.query(
                        database.as(Bootstrap.MIGRATOR),
                        "select max(version::int) from migration.flyway_schema_history where success")
                .getFirst();
    }

    /** The version that the template deploys; a test of its own compares it with the migrations. */
    private static int newest() throws IOException {
        Matcher version = Pattern.compile("SchemaVersion: *'?(\\d+)").matcher(Files.readString(TEMPLATE));
        assertThat(version.find()).isTrue();
        return Integer.parseInt(version.group(1));
    }
}
