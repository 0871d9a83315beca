package io.orderledger.handlers.upkeep;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.metrics.Metrics;
import io.orderledger.handlers.metrics.Metrics.Unit;
import io.orderledger.handlers.metrics.Metrics.Value;
import io.orderledger.handlers.snapshot.Snapshot;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.SealLag;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.ProjectionLag;
import io.orderledger.projections.Upkeep;
import io.orderledger.projections.registered.RegisteredProjections;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Run by a schedule: says how far sealing and the views were behind, then seals and catches up. Takes any event, and answers
 * {@code {"complete":true|false}}: whether nothing was left over.
 *
 * <p>What it says is what readers had before this run. An append seals and lists itself, so a lag is there only while that does not work
 * or cannot keep pace.
 *
 * <p>Writes these metrics: {@code PendingEvents}, {@code SealLagSeconds}, {@code UpkeepUnfinished}; the largest of all projections as
 * {@code ProjectionLagSeconds}, {@code ProjectionLagEvents}, {@code ProjectionLagBlocks}, {@code ProjectionFailedOrders}; and the same four
 * for each {@code Projection}. A projection that waits for its first rebuild has no readers yet, and is left out.
 *
 * <p>The database's role is {@code ledger_keeper} or has its rights.
 */
public final class KeepUp implements RequestStreamHandler {
    /** What is kept for the answer. */
    private static final Duration RESERVE = Duration.ofSeconds(5);

    private static final Duration MAX_UPKEEP = Duration.ofSeconds(45);
    private static final JsonMapper JSON = new JsonMapper();

    private final HeldConnection database;
    private final Upkeep upkeep;
    private final Metrics metrics;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public KeepUp() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database, PGHOST and its kin, and METRICS_NAMESPACE
     */
    public KeepUp(Map<String, String> environment) {
        this(environment, Metrics.from(environment));
    }

    KeepUp(Map<String, String> environment, Metrics metrics) {
        this.database = HeldConnection.from(environment);
        this.upkeep = new Upkeep(new Ledger(database), new CatchUp(database), RegisteredProjections.ALL);
        this.metrics = metrics;
        this.snapshot = Snapshot.around(database, this::rehearse);
    }

    /**
     * One run.
     *
     * @throws io.orderledger.ledger.LedgerUnavailable if the database is away; the next run does the work
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        RemainingTime time = RemainingTime.of(context);
        report(
                database.call(time, () -> SealLag.read(database)),
                database.call(time, () -> ProjectionLag.read(database)));
        boolean complete = database.call(time, () -> upkeep.run(time.deadline(MAX_UPKEEP, RESERVE)));
        metrics.write(new Value("UpkeepUnfinished", Unit.COUNT, complete ? 0 : 1));
        JSON.writeValue(answer, JSON.createObjectNode().put("complete", complete));
    }

    private void rehearse() {
        database.call(RemainingTime.lasting(MAX_UPKEEP), () -> {
            upkeep.rehearse();
            return true;
        });
    }

    private void report(SealLag sealing, List<ProjectionLag> projections) {
        List<ProjectionLag> live =
                projections.stream().filter(ProjectionLag::isLive).toList();
        for (ProjectionLag lag : live) {
            metrics.writeFor(
                    "Projection",
                    lag.projection(),
                    new Value("ProjectionLagSeconds", Unit.SECONDS, seconds(lag.behind())),
                    new Value("ProjectionLagEvents", Unit.COUNT, lag.eventsBehind()),
                    new Value("ProjectionLagBlocks", Unit.COUNT, lag.blocksBehind()),
                    new Value("ProjectionFailedOrders", Unit.COUNT, lag.failedOrders()));
        }
        metrics.write(
                new Value("PendingEvents", Unit.COUNT, sealing.pendingEvents()),
                new Value("SealLagSeconds", Unit.SECONDS, seconds(sealing.oldest())),
                new Value("ProjectionLagSeconds", Unit.SECONDS, largest(live, lag -> seconds(lag.behind()))),
                new Value("ProjectionLagEvents", Unit.COUNT, largest(live, ProjectionLag::eventsBehind)),
                new Value("ProjectionLagBlocks", Unit.COUNT, largest(live, ProjectionLag::blocksBehind)),
                new Value("ProjectionFailedOrders", Unit.COUNT, largest(live, ProjectionLag::failedOrders)));
    }

    private static double largest(List<ProjectionLag> projections, ToDoubleFunction<ProjectionLag> figure) {
        return projections.stream().mapToDouble(figure).max().orElse(0);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
