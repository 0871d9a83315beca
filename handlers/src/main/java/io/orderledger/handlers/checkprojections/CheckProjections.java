package io.orderledger.handlers.checkprojections;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.snapshot.Snapshot;
import io.orderledger.projections.CheckReport;
import io.orderledger.projections.Difference;
import io.orderledger.projections.Projection;
import io.orderledger.projections.ProjectionCheck;
import io.orderledger.projections.ProjectionLag;
import io.orderledger.projections.registered.RegisteredProjections;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Run by a schedule: compares a sample of every view with what its query says of the ledger. Takes any event, and answers {@code
 * {"seed","projections":[{"projection","compared","differences"}]}}.
 *
 * <p>Whatever keeps a view from being what it should be, or from being checked, is thrown, so the function's metric of errors is the one to
 * watch. Sums are compared as a whole, in one statement that reads the ledger from end to end; so this waits for the database as long as the
 * function may run.
 *
 * <p>The database's role is {@code ledger_projector}. Nothing that it sends pins a session of RDS Proxy.
 */
public final class CheckProjections implements RequestStreamHandler {
    /** How many orders are drawn for each projection. */
    static final int SAMPLE_ORDERS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(CheckProjections.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final HeldConnection database;
    private final List<Projection> projections;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public CheckProjections() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database: PGHOST and its kin
     */
    public CheckProjections(Map<String, String> environment) {
        this.database = HeldConnection.patient(environment);
        this.projections = RegisteredProjections.ALL;
        this.snapshot = Snapshot.around(database);
    }

    /**
     * Checks all projections, and then fails if one differs.
     *
     * @throws ProjectionsDiffer if a view is not what its query says
     * @throws io.orderledger.ledger.LedgerUnavailable if the database is away, and nothing is known
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        long seed = new SecureRandom().nextLong();
        List<CheckReport> reports = database.call(RemainingTime.of(context), () -> check(seed));
        ObjectNode result = JSON.createObjectNode().put("seed", seed);
        ArrayNode array = result.putArray("projections");
        reports.forEach(report -> array.addObject()
                .put("projection", report.projection())
                .put("compared", report.compared())
                .put("differences", report.differences()));
        LOG.info("{}", result);
        List<String> different = reports.stream()
                .filter(report -> !report.isEqual())
                .map(CheckReport::projection)
                .toList();
        if (!different.isEmpty()) {
            throw new ProjectionsDiffer(different);
        }
        JSON.writeValue(answer, result);
    }

    private List<CheckReport> check(long seed) {
        Set<String> live = ProjectionLag.read(database).stream()
                .filter(ProjectionLag::isLive)
                .map(ProjectionLag::projection)
                .collect(Collectors.toSet());
        ProjectionCheck check = new ProjectionCheck(database);
        List<CheckReport> reports = new ArrayList<>();
        for (Projection projection : projections) {
            if (live.contains(projection.id())) {
                CheckReport report = check.sample(projection, SAMPLE_ORDERS, seed, compared -> {});
                report.first().forEach(difference -> LOG.error("{}: {}", projection.id(), shown(difference)));
                reports.add(report);
            } else {
                LOG.info("{} waits for its first rebuild", projection.id());
            }
        }
        return reports;
    }

    /** Keys and the names of columns; values are nobody's business here. */
    private static String shown(Difference difference) {
        return difference.kind() + " " + String.join(" ", difference.key()) + " " + difference.columns();
    }
}
