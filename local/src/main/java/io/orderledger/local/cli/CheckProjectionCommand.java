package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.projections.CheckReport;
import io.orderledger.projections.Difference;
import io.orderledger.projections.Projection;
import io.orderledger.projections.ProjectionCheck;
import io.orderledger.projections.SummedProjection;
import java.security.SecureRandom;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code order-ledger check-projection}: is the table what the query says? */
@Command(
        name = "check-projection",
        description = {
            "Compares a projection's table with what its query says, row for row, while everything runs.",
            "Connects as ledger_projector."
        },
        exitCodeList = {"0:the table is what the query says", "1:it is not", "2:it could not be found out"})
final class CheckProjectionCommand extends ReportingCommand {
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

    @Override
    Answer answer() {
        Projection projection = NamedProjection.of(name);
        if (seed != null && sample == null) {
            throw new IllegalArgumentException("--seed is for a --sample");
        }
        try (HikariDataSource connections = database.connect(ROLE, 1);
                ProgressDisplay display = new ProgressDisplay(output().err())) {
            ProjectionCheck check = new ProjectionCheck(connections);
            LongConsumer compared = count -> display.show(() -> "%,d compared".formatted(count));
            if (sample == null) {
                return answer(projection, check.all(projection, compared), OptionalLong.empty());
            }
            long drawn = seed == null ? new SecureRandom().nextLong() : seed;
            return answer(projection, check.sample(projection, sample, drawn, compared), OptionalLong.of(drawn));
        }
    }

    private Answer answer(Projection projection, CheckReport report, OptionalLong drawnBy) {
        ObjectNode data = Answer.object()
                .put("projection", projection.id())
                .put("compared", report.compared())
                .put("differences", report.differences());
        drawnBy.ifPresent(by -> data.put("seed", by));
        ArrayNode first = data.putArray("first");
        report.first().forEach(difference -> {
            ObjectNode one = first.addObject()
                    .put("kind", difference.kind().toString())
                    .put("key", String.join(" ", difference.key()));
            difference.columns().forEach(one.withArray("columns")::add);
        });
        String rows = projection instanceof SummedProjection ? "groups" : "orders";
        if (report.isEqual()) {
            return Answer.done(data, screen -> {
                sampled(screen, drawnBy);
                screen.line("%s is what its query says: %,d %s compared", projection.id(), report.compared(), rows);
            });
        }
        return Answer.wrong(
                data,
                screen -> {
                    sampled(screen, drawnBy);
                    report.first().forEach(difference -> screen.line("%s", line(difference)));
                    if (report.differences() > report.first().size()) {
                        screen.line(
                                "and %,d more",
                                report.differences() - report.first().size());
                    }
                    screen.line(
                            "%s differs from its query in %,d places, %,d %s compared",
                            projection.id(), report.differences(), report.compared(), rows);
                },
                NextCommand.line("rebuild " + projection.id() + database.asOption()));
    }

    private void sampled(Screen screen, OptionalLong drawnBy) {
        drawnBy.ifPresent(by -> screen.line("A sample of %s orders, drawn by --seed %d", String.valueOf(sample), by));
    }

    private static String line(Difference difference) {
        String columns = difference.columns().isEmpty() ? "" : ": " + String.join(", ", difference.columns());
        return difference.kind() + " " + Screen.printable(String.join(" ", difference.key())) + columns;
    }
}
