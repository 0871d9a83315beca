package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.ledger.SealLag;
import io.orderledger.ledger.publication.PublicationLag;
import io.orderledger.local.instance.ApiClient;
import io.orderledger.projections.Failure;
import io.orderledger.projections.ProjectionLag;
import io.orderledger.projections.RebuildUnderWay;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code order-ledger status}: exit code 0 if every projection is shown and reads all orders, 1 if not, 2 if it could not be found out. */
@Command(
        name = "status",
        description = {
            "How far sealing, the projections and announcing are behind, which orders they cannot read, and which rebuilds are under way.",
            "Connects as ledger_reader."
        },
        exitCodeList = {
            "0:every view can be read",
            "1:a view was never rebuilt, or an order cannot be read",
            "2:it could not be found out"
        })
final class StatusCommand extends ReportingCommand {
    private static final String ROLE = "ledger_reader";
    private static final int MAX_FAILURES = 100;
    private static final double MILLIS_PER_SECOND = Duration.ofSeconds(1).toMillis();
    private static final String NEVER_REBUILT = "never rebuilt";
    private static final int FAILED_ORDERS = 6;

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Override
    Answer answer() {
        Status status;
        try (HikariDataSource connections = database.connect(ROLE, 1)) {
            status = new Status(
                    SealLag.read(connections),
                    ProjectionLag.read(connections),
                    PublicationLag.read(connections),
                    Failure.readLive(connections, MAX_FAILURES),
                    RebuildUnderWay.read(connections),
                    health());
        }
        Optional<ProjectionLag> wrong = status.projections().stream()
                .filter(lag -> !lag.isLive() || lag.failedOrders() > 0)
                .findFirst();
        return wrong.map(lag -> Answer.wrong(
                        status.json(),
                        status::print,
                        NextCommand.line(
                                (lag.isLive() ? "retry " : "rebuild ") + lag.projection() + database.asOption())))
                .orElseGet(() -> Answer.done(status.json(), status::print));
    }

    /** What waits outside of the database, which only a running instance knows. */
    private Optional<JsonNode> health() {
        return database.instance().map(instance -> {
            try (ApiClient api = instance.apiClient()) {
                return api.get("/health").body();
            }
        });
    }

    private record Status(
            SealLag unsealed,
            List<ProjectionLag> projections,
            List<PublicationLag> publications,
            List<Failure> failures,
            List<RebuildUnderWay> rebuilds,
            Optional<JsonNode> health) {

        void print(Screen screen) {
            screen.line(
                    "unsealed events: %,d%s",
                    unsealed.pendingEvents(),
                    unsealed.pendingEvents() == 0 ? "" : ", the oldest for " + seconds(unsealed.oldest()) + " s");
            health.ifPresent(known -> {
                screen.line(
                        "on their way to a function: %s", known.path("inFlight").asText());
                screen.line(
                        "in the dead-letter queues: %s",
                        known.path("deadLetters").properties().stream()
                                .map(queue ->
                                        queue.getKey() + " " + queue.getValue().asText())
                                .collect(Collectors.joining(", ")));
            });
            screen.empty();
            screen.table(
                    List.of(
                            "PROJECTION",
                            "BLOCK",
                            "OF",
                            "BLOCKS BEHIND",
                            "EVENTS BEHIND",
                            "SECONDS BEHIND",
                            "FAILED ORDERS"),
                    projections.stream().map(Status::row).toList(),
                    (column, text) -> text.equals(NEVER_REBUILT) || (column == FAILED_ORDERS && !text.equals("0"))
                            ? Screen.Tone.WRONG
                            : Screen.Tone.PLAIN);
            if (!publications.isEmpty()) {
                screen.empty();
                screen.table(
                        List.of("ANNOUNCED AS", "BLOCK", "OF", "BLOCKS BEHIND", "EVENTS BEHIND", "SECONDS BEHIND"),
                        publications.stream().map(Status::row).toList());
            }
            for (RebuildUnderWay rebuild : rebuilds) {
                screen.empty();
                screen.line(
                        "rebuild of %s, begun %s, as of block %d (%,d events), phase %s: %s",
                        rebuild.projection(),
                        rebuild.startedAt(),
                        rebuild.height(),
                        rebuild.events(),
                        phase(rebuild),
                        rebuild.isRunning()
                                ? "held by " + Screen.printable(rebuild.holder()) + " since " + rebuild.heldSince()
                                : "interrupted; run it again to go on");
            }
            if (!failures.isEmpty()) {
                screen.empty();
                screen.table(
                        List.of("FAILED ORDER", "PROJECTION", "SINCE BLOCK", "REASON"),
                        failures.stream()
                                .map(failure -> List.of(
                                        failure.orderId().toString(),
                                        failure.projection(),
                                        Long.toString(failure.sinceHeight()),
                                        failure.reason()))
                                .toList());
            }
        }

        private static List<String> row(ProjectionLag lag) {
            return List.of(
                    lag.projection(),
                    lag.isLive() ? Long.toString(lag.height()) : NEVER_REBUILT,
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
            ObjectNode status = Answer.object()
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
            health.ifPresent(known -> {
                status.set("inFlight", known.path("inFlight"));
                status.set("deadLetters", known.path("deadLetters"));
            });
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
