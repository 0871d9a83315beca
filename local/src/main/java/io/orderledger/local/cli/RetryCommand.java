package io.orderledger.local.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Projection;
import io.orderledger.projections.ProjectionLag;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code order-ledger retry}: exit code 0 if no failed order is left, 1 if one is, 2 if it could not run. */
@Command(
        name = "retry",
        description = {
            "Tries the orders again that a projection's query could not read, after code or data were corrected.",
            "Connects as ledger_projector."
        },
        mixinStandardHelpOptions = true)
final class RetryCommand implements Callable<Integer> {
    private static final String ROLE = "ledger_projector";

    @Parameters(paramLabel = "NAME", description = "The projection, such as orders.")
    private String name = "";

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() {
        Projection projection = NamedProjection.of(name);
        PrintWriter out = spec.commandLine().getOut();
        try (HikariDataSource connections = database.connect(ROLE, 1)) {
            int healed = new CatchUp(connections).retryFailed(projection);
            long left = ProjectionLag.read(connections).stream()
                    .filter(lag -> lag.projection().equals(projection.id()))
                    .mapToLong(ProjectionLag::failedOrders)
                    .sum();
            out.printf("%,d orders are in %s again, %,d still cannot be read%n", healed, projection.id(), left);
            return left == 0 ? OrderLedger.DONE : OrderLedger.FOUND_WRONG;
        }
    }
}
