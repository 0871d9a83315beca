package io.orderledger.local.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.Ledger;
import io.orderledger.local.instance.Control;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Upkeep;
import io.orderledger.projections.registered.RegisteredProjections;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code order-ledger import}: exit code 0 if every line is recorded, 1 if one was refused, 2 if it could not run. */
@Command(
        name = "import",
        description = {
            "Appends the events of a file, one JSON object a line, in batches. docs/import.md describes the lines.",
            "Interrupted, it can be run again; what is recorded already is passed over."
        },
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
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

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (eventsPerBatch < 1 || eventsPerBatch > Ledger.MAX_EVENTS_PER_BATCH) {
            throw new IllegalArgumentException("--batch must be 1 to " + Ledger.MAX_EVENTS_PER_BATCH);
        }
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + " is not a file that can be read");
        }
        String url = database == null ? new Control(data.instance()).databaseUrl(ROLE) : database;
        try (Lines lines = new Lines(file);
                HikariDataSource connections = LedgerOption.connect(url, 1);
                ImportProgress progress = new ImportProgress(spec.commandLine().getErr(), Files.size(file))) {
            Ledger ledger = new Ledger(connections);
            Import.Totals totals = new Import(ledger, eventsPerBatch, skipRefused, progress).of(lines);
            boolean shown = new Upkeep(ledger, new CatchUp(connections), RegisteredProjections.ALL).run(MAX_UPKEEP);
            return conclude(totals, shown);
        }
    }

    private int conclude(Import.Totals totals, boolean shown) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("appended " + totals.appended());
        out.println("duplicate " + totals.duplicate());
        out.println("refused " + totals.refused());
        if (!totals.complete()) {
            out.printf(
                    "Ended at a refused line; what follows line %d is not recorded. Correct it and run the same again,"
                            + " or go on without such lines by --skip-refused.%n",
                    totals.recordedThrough());
        }
        if (!shown) {
            out.println("The list of orders counts the rest after the next append.");
        }
        return totals.refused() == 0 ? OrderLedger.DONE : OrderLedger.FOUND_WRONG;
    }
}
