package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.SealLag;
import io.orderledger.ledger.publication.PublicationLag;
import io.orderledger.projections.Failure;
import io.orderledger.projections.ProjectionLag;
import io.orderledger.projections.RebuildUnderWay;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code order-ledger status}: exit code 0 if every projection is shown and reads all orders, 1 if not, 2 if it could not be found out. */
@Command(
        name = "status",
        description = {
            "How far sealing, the projections and announcing are behind, which orders they cannot read, and which rebuilds are under way.",
            "Connects as ledger_reader."
        },
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final String ROLE = "ledger_reader";
    private static final int MAX_FAILURES = 100;
    private static final double MILLIS_PER_SECOND = Duration.ofSeconds(1).toMillis();
    private static final JsonMapper JSON = new JsonMapper();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() {
        Status status;
        try (HikariDataSource connections = database.connect(ROLE, 1)) {
            status = new Status(
                    SealLag.read(connections),
                    ProjectionLag.read(connections),
                    PublicationLag.read(connections),
                    Failure.readLive(connections, MAX_FAILURES),
                    RebuildUnderWay.read(connections));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(status.json().toPrettyString());
        } else {
            status.print(out);
        }
        return status.isWell() ? OrderLedger.DONE : OrderLedger.FOUND_WRONG;
    }

    private record Status(
            SealLag unsealed,
            List<ProjectionLag> projections,
            List<PublicationLag> publications,
            List<Failure> failures,
            List<RebuildUnderWay> rebuilds) {
        boolean isWell() {
            return projections.stream().allMatch(lag -> lag.isLive() && lag.failedOrders() == 0);
        }

        void print(PrintWriter out) {
            out.printf(
                    "unsealed events: %,d%s%n",
                    unsealed.pendingEvents(),
                    unsealed.pendingEvents() == 0 ? "" : ", the oldest for " + seconds(unsealed.oldest()) + " s");
            out.println();
            Table.print(
                    List.of(
                            "projection",
                            "block",
                            "of",
                            "blocks behind",
                            "events behind",
                            "seconds behind",
                            "failed orders"),
                    projections.stream().map(Status::row).toList(),
                    out);
            if (!publications.isEmpty()) {
                out.println();
                Table.print(
                        List.of("announced as", "block", "of", "blocks behind", "events behind", "seconds behind"),
                        publications.stream().map(Status::row).toList(),
                        out);
            }
            for (RebuildUnderWay rebuild : rebuilds) {
                out.println();
                out.printf(
                        "rebuild of %s, begun %s, as of block %d (%,d events), phase %s: %s%n",
                        rebuild.projection(),
                        rebuild.startedAt(),
                        rebuild.height(),
                        rebuild.events(),
                        phase(rebuild),
                        rebuild.isRunning()
                                ? "held by " + rebuild.holder() + " since " + rebuild.heldSince()
                                : "interrupted; run it again to go on");
            }
            if (!failures.isEmpty()) {
                out.println();
                Table.print(
                        List.of("failed order", "projection", "since block", "reason"),
                        failures.stream()
                                .map(failure -> List.of(
                                        failure.orderId().toString(),
                                        failure.projection(),
                                        Long.toString(failure.sinceHeight()),
                                        failure.reason()))
                                .toList(),
                        out);
            }
        }

        private static List<String> row(ProjectionLag lag) {
            return List.of(
                    lag.projection(),
                    lag.isLive() ? Long.toString(lag.height()) : "never rebuilt",
                    Long.toString(lag.newestHeight()),
                    Long.toString(lag.blocksBehind()),
                    Long.toString(lag.eventsBehind()),
                    seconds(lag.behind()),
                    Long.toString(lag.failedOrders()));
        }

        private static List<String> row(PublicationLag lag) {
            return List.of(
                    lag.publication(),
                    Long.toString(lag.height()),
                    Long.toString(lag.newestHeight()),
                    Long.toString(lag.blocksBehind()),
                    Long.toString(lag.eventsBehind()),
                    seconds(lag.behind()));
        }

        ObjectNode json() {
            ObjectNode status = JSON.createObjectNode()
                    .put("unsealedEvents", unsealed.pendingEvents())
                    .put("unsealedSeconds", unsealed.oldest().toMillis() / MILLIS_PER_SECOND);
            ArrayNode lags = status.putArray("projections");
            projections.forEach(lag -> lags.addObject()
                    .put("projection", lag.projection())
                    .put("live", lag.isLive())
                    .put("block", lag.height())
                    .put("newestBlock", lag.newestHeight())
                    .put("blocksBehind", lag.blocksBehind())
                    .put("eventsBehind", lag.eventsBehind())
                    .put("secondsBehind", lag.behind().toMillis() / MILLIS_PER_SECOND)
                    .put("failedOrders", lag.failedOrders()));
            ArrayNode announced = status.putArray("publications");
            publications.forEach(lag -> announced
                    .addObject()
                    .put("publication", lag.publication())
                    .put("block", lag.height())
                    .put("newestBlock", lag.newestHeight())
                    .put("blocksBehind", lag.blocksBehind())
                    .put("eventsBehind", lag.eventsBehind())
                    .put("secondsBehind", lag.behind().toMillis() / MILLIS_PER_SECOND));
            ArrayNode running = status.putArray("rebuilds");
            rebuilds.forEach(rebuild -> running.addObject()
                    .put("projection", rebuild.projection())
                    .put("phase", phase(rebuild))
                    .put("block", rebuild.height())
                    .put("events", rebuild.events())
                    .put("startedAt", rebuild.startedAt().toString())
                    .put("holder", rebuild.holder())
                    .put("heldSince", rebuild.heldSince().toString())
                    .put("running", rebuild.isRunning()));
            ArrayNode failed = status.putArray("failures");
            failures.forEach(failure -> failed.addObject()
                    .put("projection", failure.projection())
                    .put("orderId", failure.orderId().toString())
                    .put("sinceBlock", failure.sinceHeight())
                    .put("reason", failure.reason()));
            return status;
        }

        private static String phase(RebuildUnderWay rebuild) {
            return rebuild.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        private static String seconds(Duration duration) {
            return String.format(Locale.ROOT, "%.1f", duration.toMillis() / MILLIS_PER_SECOND);
        }
    }
}
