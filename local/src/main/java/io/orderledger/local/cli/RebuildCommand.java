package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.LedgerFault;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.projections.Failure;
import io.orderledger.projections.Projection;
import io.orderledger.projections.ProjectionLag;
import io.orderledger.projections.Rebuild;
import io.orderledger.projections.RebuildOptions;
import io.orderledger.projections.RebuildPhase;
import io.orderledger.projections.RebuildProgress;
import io.orderledger.projections.RebuildStopped;
import io.orderledger.projections.RebuildUnderWay;
import io.orderledger.projections.Rebuilt;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code order-ledger rebuild}: makes a view anew while everything runs. */
@Command(
        name = "rebuild",
        description = {
            "Makes a projection's table anew from the ledger, while everything runs, and then shows it to readers.",
            "Interrupted or killed, the same command goes on. Connects as ledger_projector, to the writer itself, not through RDS Proxy.",
            "See docs/rebuilding.md."
        },
        exitCodeList = {"0:readers see the new table", "1:orders cannot be read", "2:it could not be done"})
final class RebuildCommand extends ReportingCommand {
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

    @Mixin
    private DryRun dryRun = new DryRun();

    @Override
    Answer answer() {
        Projection projection = NamedProjection.of(name);
        RebuildOptions options = new RebuildOptions(workers, chunkPositions, restart, skipFailed);
        if (dryRun.isGiven()) {
            return meant(projection);
        }
        long start = System.nanoTime();
        try (HikariDataSource connections = database.connect(ROLE, workers + CONNECTIONS_BESIDE_WORKERS);
                Interruptible interruptible = Interruptible.begin()) {
            Rebuilt rebuilt;
            try (ProgressDisplay display = new ProgressDisplay(output().err())) {
                rebuilt = new Rebuild(connections)
                        .run(projection, options, progress -> display.show(() -> line(progress)));
            } catch (InterruptedException e) {
                throw interrupted(projection);
            } catch (LedgerUnavailable | LedgerFault e) {
                // An interruption while it waits for a connection looks like this.
                if (interruptible.isInterrupted()) {
                    throw interrupted(projection);
                }
                throw e instanceof LedgerUnavailable unavailable ? goOnLater(unavailable) : e;
            }
            return done(projection, rebuilt, (System.nanoTime() - start) / NANOS_PER_SECOND);
        } catch (RebuildStopped stopped) {
            return stopped(stopped);
        }
    }

    private Answer meant(Projection projection) {
        try (HikariDataSource connections = database.connect(ROLE, 1)) {
            Optional<RebuildUnderWay> underWay = RebuildUnderWay.read(connections).stream()
                    .filter(rebuild -> rebuild.projection().equals(projection.id()))
                    .findFirst();
            long newest = ProjectionLag.read(connections).stream()
                    .mapToLong(ProjectionLag::newestHeight)
                    .max()
                    .orElse(0);
            boolean goesOn = underWay.isPresent() && !restart;
            ObjectNode data = Answer.object()
                    .put("dryRun", true)
                    .put("projection", projection.id())
                    .put("goesOn", goesOn)
                    .put("block", goesOn ? underWay.get().height() : newest);
            return Answer.done(
                    data,
                    screen -> screen.line(
                            "%s of %s, as of block %d; nothing was changed",
                            goesOn ? "it would go on with the interrupted rebuild" : "it would begin a rebuild",
                            projection.id(),
                            data.path("block").asLong()));
        }
    }

    private static Answer done(Projection projection, Rebuilt rebuilt, double seconds) {
        ObjectNode data = Answer.object()
                .put("projection", projection.id())
                .put("events", rebuilt.events())
                .put("block", rebuilt.height())
                .put("seconds", seconds)
                .put("failed", rebuilt.failed());
        return Answer.done(data, screen -> {
            screen.line(
                    "%s is rebuilt: %,d events, up to block %d, in %.1f s",
                    projection.id(), rebuilt.events(), rebuilt.height(), seconds);
            if (rebuilt.failed() > 0) {
                screen.line("%,d orders are left out, because its query cannot read them", rebuilt.failed());
            }
        });
    }

    private CannotRun goOnLater(LedgerUnavailable e) {
        return new CannotRun(
                "the database cannot do it now (SQLSTATE " + e.sqlState() + "); run the same again to go on",
                NextCommand.same(spec()),
                e);
    }

    private CannotRun interrupted(Projection projection) {
        return new CannotRun(
                "the rebuild of " + projection.id() + " was interrupted; run the same again to go on",
                NextCommand.same(spec()));
    }

    private Answer stopped(RebuildStopped stopped) {
        ObjectNode data =
                Answer.object().put("projection", stopped.projection()).put("failed", stopped.count());
        ArrayNode first = data.putArray("first");
        stopped.first()
                .forEach(failure -> first.addObject()
                        .put("orderId", failure.orderId().toString())
                        .put("sinceBlock", failure.sinceHeight())
                        .put("reason", failure.reason()));
        return Answer.wrong(
                data,
                screen -> {
                    screen.line(
                            "%s is not rebuilt, readers see what they saw before: its query cannot read %,d orders",
                            stopped.projection(), stopped.count());
                    for (Failure failure : stopped.first()) {
                        screen.line(
                                "%s  since block %d  %s",
                                failure.orderId(), failure.sinceHeight(), Screen.printable(failure.reason()));
                    }
                    if (stopped.count() > stopped.first().size()) {
                        screen.line(
                                "and %,d more",
                                stopped.count() - stopped.first().size());
                    }
                    screen.line("Run the same again when code or data are corrected, or go on without them.");
                },
                NextCommand.line("rebuild " + stopped.projection() + " --skip-failed" + database.asOption()));
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
