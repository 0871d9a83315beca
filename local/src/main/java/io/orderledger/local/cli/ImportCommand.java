package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.Ledger;
import io.orderledger.local.instance.Control;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Upkeep;
import io.orderledger.projections.registered.RegisteredProjections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code order-ledger import}: appends the events of another system. */
@Command(
        name = "import",
        description = {
            "Appends the events of a file, one JSON object a line, in batches. docs/import.md describes the lines.",
            "Interrupted, it can be run again; what is recorded already is passed over."
        },
        exitCodeList = {"0:every line is recorded", "1:a line was refused", "2:could not run"})
final class ImportCommand extends ReportingCommand {
    private static final String ROLE = "ledger_recorder";
    private static final String DEFAULT_EVENTS_PER_BATCH = "200";
    private static final Duration MAX_UPKEEP = Duration.ofMinutes(15);

    @Parameters(paramLabel = "FILE", description = "The file, one JSON object a line (NDJSON), UTF-8.")
    @SuppressWarnings("NullAway.Init") // picocli demands it
    private Path file;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "Any other ledger: postgresql://USER:PASSWORD@HOST:PORT/NAME, as ledger_recorder.")
    private @Nullable String database;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = DEFAULT_EVENTS_PER_BATCH,
            description = "How many events are appended in one transaction, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int eventsPerBatch;

    @Option(names = "--skip-refused", description = "Go on behind a line that is refused, instead of ending there.")
    private boolean skipRefused;

    @Option(
            names = "--dry-run",
            description = "Read every line and name those that are no events, without a database. Append nothing.")
    private boolean dryRun;

    @Override
    Answer answer() throws IOException {
        if (eventsPerBatch < 1 || eventsPerBatch > Ledger.MAX_EVENTS_PER_BATCH) {
            throw new IllegalArgumentException("--batch must be 1 to " + Ledger.MAX_EVENTS_PER_BATCH);
        }
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + " is not a file that can be read");
        }
        return dryRun ? read() : append();
    }

    private Answer append() throws IOException {
        String url = database == null ? new Control(data.instance()).databaseUrl(ROLE) : database;
        try (Lines lines = new Lines(file);
                HikariDataSource connections = LedgerOption.connect(url, 1);
                ImportProgress progress = new ImportProgress(output().err(), Files.size(file))) {
            Ledger ledger = new Ledger(connections);
            Import.Totals totals = new Import(
                            new Import.IntoLedger(ledger, skipRefused), eventsPerBatch, skipRefused, progress)
                    .of(lines);
            boolean shown = new Upkeep(ledger, new CatchUp(connections), RegisteredProjections.ALL).run(MAX_UPKEEP);
            return answer(totals, shown);
        }
    }

    private Answer read() throws IOException {
        try (Lines lines = new Lines(file);
                ImportProgress progress = new ImportProgress(output().err(), Files.size(file))) {
            Import.Totals totals = new Import(Import.Sink.NOWHERE, eventsPerBatch, true, progress).of(lines);
            ObjectNode told = Answer.object()
                    .put("dryRun", true)
                    .put("events", totals.appended())
                    .put("refused", totals.refused());
            return new Answer(
                    exitCode(totals),
                    told,
                    "",
                    screen -> screen.line(
                            "%d events would be appended, or found as duplicates; %d lines are no events; nothing was"
                                    + " changed",
                            totals.appended(), totals.refused()),
                    totals.refused() == 0 ? Optional.empty() : Optional.of(NextCommand.line(NextCommand.same(spec()))));
        }
    }

    private Answer answer(Import.Totals totals, boolean shown) {
        ObjectNode told = Answer.object()
                .put("appended", totals.appended())
                .put("duplicate", totals.duplicate())
                .put("refused", totals.refused())
                .put("complete", totals.complete())
                .put("recordedThroughLine", totals.recordedThrough())
                .put("viewsAreCurrent", shown);
        return new Answer(
                exitCode(totals),
                told,
                "",
                screen -> print(totals, shown, screen),
                totals.refused() == 0
                        ? Optional.empty()
                        : Optional.of(NextCommand.line(
                                NextCommand.sameWith(spec(), totals.complete() ? "" : "--skip-refused"))));
    }

    private static void print(Import.Totals totals, boolean shown, Screen screen) {
        screen.line("appended %d", totals.appended());
        screen.line("duplicate %d", totals.duplicate());
        screen.line("refused %d", totals.refused());
        if (!totals.complete()) {
            screen.line(
                    "Ended at a refused line; what follows line %d is not recorded. Correct it and run the same again,"
                            + " or go on without such lines by --skip-refused.",
                    totals.recordedThrough());
        }
        if (!shown) {
            screen.line("The list of orders counts the rest after the next append.");
        }
    }

    private static int exitCode(Import.Totals totals) {
        return totals.refused() == 0 ? OrderLedger.DONE : OrderLedger.FOUND_WRONG;
    }
}
