package io.orderledger.benchmarks.filled;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.benchmarks.rebuild.EngineRebuild;
import io.orderledger.benchmarks.rebuild.HandWrittenRebuild;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.ledger.verify.Verification;
import io.orderledger.ledger.verify.Verifier;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkLedgersIT {
    private static final long EVENTS = 20_000;
    private static final Path MIGRATIONS = Path.of("..", "db", "migrations");

    @TempDir
    private static Path folder;

    private static BenchmarkServer server;
    private static String database;

    @BeforeAll
    static void fill() throws Exception {
        server = BenchmarkServer.startKept(folder.resolve("kept"));
        database = ledgers().with(EVENTS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_ledger_filled_in_bulk_verifies() {
        Verification verification =
                new Verifier(server.as("ledger_auditor", database), 2, Optional.empty()).verify((done, total) -> {});

        assertThat(verification.finding()).isEmpty();
        assertThat(verification.events()).isBetween(EVENTS, EVENTS + 15);
    }

    @Test
    void an_order_has_one_event_or_two_and_the_second_within_50_000_positions() {
        assertThat(number("select max(version) from ledger.event")).isEqualTo(2);
        assertThat(number("select min(e.position - f.position) from ledger.event e join ledger.event f "
                        + "on f.stream_id = e.stream_id and f.version = 1 and e.version = 2"))
                .isPositive();
        assertThat(number("select max(e.position - f.position) from ledger.event e join ledger.event f "
                        + "on f.stream_id = e.stream_id and f.version = 1 and e.version = 2"))
                .isBetween(5_000L, 50_000L);
        assertThat(number("select count(*) from ledger.event where version = 2"))
                .isGreaterThan(EVENTS / 6);
    }

    @Test
    void a_rebuild_gives_the_rows_of_the_hand_written_statement() throws Exception {
        HandWrittenRebuild handWritten = new HandWrittenRebuild(server, database);
        new EngineRebuild(server, database, EngineRebuild.ORDERS).run(2);
        handWritten.run();

        handWritten.demandSameRows();
    }

    @Test
    void a_ledger_that_is_there_is_used_again() throws Exception {
        server.execute(database, "create table public.kept ()");

        ledgers().with(EVENTS);

        assertThat(number("select count(*) from pg_class where relname = 'kept'"))
                .isOne();
    }

    private static BulkLedgers ledgers() {
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new BulkLedgers(server, MIGRATIONS, silent);
    }

    private static long number(String query) {
        return server.number(database, query);
    }
}
