package io.orderledger.local.world;

import io.orderledger.projections.CheckReport;
import io.orderledger.projections.Projection;
import io.orderledger.projections.ProjectionCheck;
import io.orderledger.projections.Rebuild;
import io.orderledger.projections.RebuildOptions;
import io.orderledger.projections.registered.RegisteredProjections;
import java.util.List;
import java.util.function.BiConsumer;
import javax.sql.DataSource;

/** Live, checked and rebuilt views are the same, row for row. */
final class ViewCheck {
    private static final int CHUNK_POSITIONS = 5;

    private final World world;
    private final LedgerRows rows;
    private final BiConsumer<String, Object> broken;

    ViewCheck(World world, LedgerRows rows, BiConsumer<String, Object> broken) {
        this.world = world;
        this.rows = rows;
        this.broken = broken;
    }

    /** Compares every view with its query, and rebuilds one of them: which one depends on the seed. */
    void check() {
        DataSource database = world.database().as("ledger_projector");
        for (Projection projection : RegisteredProjections.ALL) {
            CheckReport report = new ProjectionCheck(database).all(projection, _ -> {});
            if (!report.isEqual()) {
                broken.accept("a view is what its query says", projection.id() + ": " + report.first());
            }
        }
        Projection projection = world.chance().pick(RegisteredProjections.ALL);
        List<String> live = rows.text("projection." + projection.id());
        rebuild(database, projection);
        if (!rows.text("projection." + projection.id()).equals(live)) {
            broken.accept("a view is the same when it is rebuilt", projection.id());
        }
    }

    private static void rebuild(DataSource database, Projection projection) {
        try {
            new Rebuild(database).run(projection, new RebuildOptions(1, CHUNK_POSITIONS, false, false), _ -> {});
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts here", e);
        }
    }
}
