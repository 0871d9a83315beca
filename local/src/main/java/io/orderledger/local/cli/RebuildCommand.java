package io.orderledger.local.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.LedgerFault;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.projections.Failure;
import io.orderledger.projections.Projection;
import io.orderledger.projections.Rebuild;
import io.orderledger.projections.RebuildOptions;
import io.orderledger.projections.RebuildPhase;
import io.orderledger.projections.RebuildProgress;
import io.orderledger.projections.RebuildStopped;
import io.orderledger.projections.Rebuilt;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code order-ledger rebuild}: exit code 0 once readers see the new table, 1 if orders cannot be read, 2 if it could not be done. */
@Command(
        name = "rebuild",
        description = {
            "Makes a projection's table anew from the ledger, while everything runs, and then shows it to readers.",
            "Interrupted or killed, the same command goes on. Connects as ledger_projector, to the writer itself, not through RDS Proxy.",
            "See docs/rebuilding.md."
        },
        mixinStandardHelpOptions = true)
final class RebuildCommand implements Callable<Integer> {
    private static final String ROLE = "ledger_projector";

    /** One holds the lock, one is for the rebuild itself. */
    private static final int CONNECTIONS_BESIDE_WORKERS = 2;

    private static final List<RebuildPhase> PHASES = List.of(RebuildPhase.values());
    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    @Parameters(paramLabel = "NAME", description = "The projection, such as orders.")
    private String name = "";

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "2",
            description =
                    "How many chunks are read at a time, each on a connection of its own (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--chunk",
            paramLabel = "N",
            defaultValue = "100000",
            description =
                    "How many positions a chunk spans (default: ${DEFAULT-VALUE}). One that goes on keeps its chunks.")
    private long chunkPositions;

    @Option(names = "--restart", description = "Begin anew, where an earlier rebuild was interrupted.")
    private boolean restart;

    @Option(
            names = "--skip-failed",
            description = "Go on without the orders that the query cannot read, instead of ending with their list.")
    private boolean skipFailed;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() {
        Projection projection = NamedProjection.of(name);
        RebuildOptions options = new RebuildOptions(workers, chunkPositions, restart, skipFailed);
        PrintWriter out = spec.commandLine().getOut();
        long start = System.nanoTime();
        try (HikariDataSource connections = database.connect(ROLE, workers + CONNECTIONS_BESIDE_WORKERS);
                Interruptible interruptible = Interruptible.begin()) {
            Rebuilt rebuilt;
            try (ProgressDisplay display =
                    new ProgressDisplay(spec.commandLine().getErr())) {
                rebuilt = new Rebuild(connections)
                        .run(projection, options, progress -> display.show(() -> line(progress)));
            } catch (InterruptedException e) {
                return interrupted(projection);
            } catch (LedgerUnavailable | LedgerFault e) {
                // An interruption while it waits for a connection looks like this.
                if (interruptible.isInterrupted()) {
                    return interrupted(projection);
                }
                throw e instanceof LedgerUnavailable unavailable ? goOnLater(unavailable) : e;
            }
            out.printf(
                    "%s is rebuilt: %,d events, up to block %d, in %.1f s%n",
                    projection.id(),
                    rebuilt.events(),
                    rebuilt.height(),
                    (System.nanoTime() - start) / NANOS_PER_SECOND);
            if (rebuilt.failed() > 0) {
                out.printf("%,d orders are left out, because its query cannot read them%n", rebuilt.failed());
            }
            return OrderLedger.DONE;
        } catch (RebuildStopped stopped) {
            return stopped(stopped, out);
        }
    }

    private static RuntimeException goOnLater(LedgerUnavailable e) {
        return new IllegalStateException(
                "the database cannot do it now (SQLSTATE " + e.sqlState() + "); run the same again to go on", e);
    }

    private int interrupted(Projection projection) {
        spec.commandLine()
                .getErr()
                .println("order-ledger: the rebuild of " + projection.id()
                        + " was interrupted; run the same again to go on");
        return OrderLedger.COULD_NOT_RUN;
    }

    private static int stopped(RebuildStopped stopped, PrintWriter out) {
        out.printf(
                "%s is not rebuilt, readers see what they saw before: its query cannot read %,d orders%n",
                stopped.projection(), stopped.count());
        for (Failure failure : stopped.first()) {
            out.printf("%s  since block %d  %s%n", failure.orderId(), failure.sinceHeight(), failure.reason());
        }
        if (stopped.count() > stopped.first().size()) {
            out.printf("and %,d more%n", stopped.count() - stopped.first().size());
        }
        out.println("Run the same again when code or data are corrected, or go on without them by --skip-failed.");
        return OrderLedger.FOUND_WRONG;
    }

    static String line(RebuildProgress progress) {
        String phase = "%s (%d of %d): "
                .formatted(
                        progress.phase().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        PHASES.indexOf(progress.phase()) + 1,
                        PHASES.size());
        String left = progress.left()
                .map(time -> ", %,d s left of this phase".formatted(time.toSeconds()))
                .orElse("");
        return phase
                + switch (progress.phase()) {
                    case INDEXES -> "%,d of %,d indexes".formatted(progress.done(), progress.total());
                    case SURVEY, FOLD, STRADDLERS, CATCH_UP ->
                        "%,d of %,d events, %,.0f/s%s"
                                .formatted(progress.done(), progress.total(), progress.perSecond(), left);
                };
    }
}
