package io.orderledger.local.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.projections.CheckReport;
import io.orderledger.projections.Difference;
import io.orderledger.projections.Projection;
import io.orderledger.projections.ProjectionCheck;
import io.orderledger.projections.SummedProjection;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code order-ledger check-projection}: exit code 0 if the table is what the query says, 1 if not, 2 if it could not be found out. */
@Command(
        name = "check-projection",
        description = {
            "Compares a projection's table with what its query says, row for row, while everything runs.",
            "Connects as ledger_projector."
        },
        mixinStandardHelpOptions = true)
final class CheckProjectionCommand implements Callable<Integer> {
    private static final String ROLE = "ledger_projector";

    @Parameters(paramLabel = "NAME", description = "The projection, such as orders.")
    private String name = "";

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Option(
            names = "--sample",
            paramLabel = "N",
            description =
                    "Compare N orders that are drawn at random (default: all). Sums are always compared as a whole.")
    private @Nullable Integer sample;

    @Option(names = "--seed", paramLabel = "S", description = "Draw the orders that this number drew before.")
    private @Nullable Long seed;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() {
        Projection projection = NamedProjection.of(name);
        if (seed != null && sample == null) {
            throw new IllegalArgumentException("--seed is for a --sample");
        }
        PrintWriter out = spec.commandLine().getOut();
        CheckReport report;
        try (HikariDataSource connections = database.connect(ROLE, 1);
                ProgressDisplay display = new ProgressDisplay(spec.commandLine().getErr())) {
            ProjectionCheck check = new ProjectionCheck(connections);
            LongConsumer compared = count -> display.show(() -> "%,d compared".formatted(count));
            if (sample == null) {
                report = check.all(projection, compared);
            } else {
                long drawn = seed == null ? new SecureRandom().nextLong() : seed;
                report = check.sample(projection, sample, drawn, compared);
                out.printf("A sample of %,d orders, drawn by --seed %d%n", sample, drawn);
            }
        }
        String rows = projection instanceof SummedProjection ? "groups" : "orders";
        if (report.isEqual()) {
            out.printf("%s is what its query says: %,d %s compared%n", projection.id(), report.compared(), rows);
            return OrderLedger.DONE;
        }
        report.first().forEach(difference -> out.println(line(difference)));
        if (report.differences() > report.first().size()) {
            out.printf("and %,d more%n", report.differences() - report.first().size());
        }
        out.printf(
                "%s differs from its query in %,d places, %,d %s compared; ./order-ledger rebuild %s puts it right%n",
                projection.id(), report.differences(), report.compared(), rows, projection.id());
        return OrderLedger.FOUND_WRONG;
    }

    private static String line(Difference difference) {
        String columns = difference.columns().isEmpty() ? "" : ": " + String.join(", ", difference.columns());
        return difference.kind() + " " + String.join(" ", difference.key()) + columns;
    }
}
