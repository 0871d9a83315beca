package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Projection;
import io.orderledger.projections.ProjectionLag;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code order-ledger retry}: tries failed orders again. */
@Command(
        name = "retry",
        description = {
            "Tries the orders again that a projection's query could not read, after code or data were corrected.",
            "Connects as ledger_projector."
        },
        exitCodeList = {"0:no failed order is left", "1:one is", "2:could not run"})
final class RetryCommand extends ReportingCommand {
    private static final String ROLE = "ledger_projector";

    @Parameters(paramLabel = "NAME", description = "The projection, such as orders.")
    private String name = "";

    @Mixin
    private DryRun dryRun = new DryRun();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Override
    Answer answer() {
        Projection projection = NamedProjection.of(name);
        try (HikariDataSource connections = database.connect(ROLE, 1)) {
            int healed = dryRun.isGiven() ? 0 : new CatchUp(connections).retryFailed(projection);
            long left = ProjectionLag.read(connections).stream()
                    .filter(lag -> lag.projection().equals(projection.id()))
                    .mapToLong(ProjectionLag::failedOrders)
                    .sum();
            ObjectNode data = Answer.object()
                    .put("projection", projection.id())
                    .put("dryRun", dryRun.isGiven())
                    .put("healed", healed)
                    .put("failed", left);
            if (dryRun.isGiven()) {
                return Answer.done(
                        data,
                        screen -> screen.line(
                                "%,d orders of %s would be tried again; nothing was changed", left, projection.id()));
            }
            return left == 0
                    ? Answer.done(data, screen -> print(screen, projection, healed, left))
                    : Answer.wrong(
                            data,
                            screen -> print(screen, projection, healed, left),
                            NextCommand.line("status" + database.asOption()));
        }
    }

    private static void print(Screen screen, Projection projection, int healed, long left) {
        screen.line("%,d orders are in %s again, %,d still cannot be read", healed, projection.id(), left);
    }
}
