package io.orderledger.benchmarks.rebuild;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.projections.Projection;
import io.orderledger.projections.Rebuild;
import io.orderledger.projections.RebuildOptions;
import io.orderledger.projections.RebuildPhase;
import io.orderledger.projections.registered.RegisteredProjections;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/** What is measured: the rebuild as operators run it, up to the swap. Its parts are its phases. Immutable. */
public final class EngineRebuild {
    /** The list of orders that functions read. */
    public static final String ORDERS = "orders_v2";

    private final BenchmarkServer server;
    private final String database;
    private final String projection;

    /** Of one projection, by its name with version. */
    public EngineRebuild(BenchmarkServer server, String database, String projection) {
        this.server = server;
        this.database = database;
        this.projection = projection;
    }

    /** Rebuilds every projection, so that all of them are live and current. */
    public static void all(BenchmarkServer server, String database) throws InterruptedException {
        for (Projection projection : RegisteredProjections.ALL) {
            new EngineRebuild(server, database, projection.id()).run(RebuildOptions.DEFAULT.workers());
        }
    }

    /** Rebuilds the list of orders from the beginning. */
    public Seconds run(int workers) throws InterruptedException {
        Projection orders = RegisteredProjections.find(projection).orElseThrow();
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.as("ledger_projector", database));
        config.setMaximumPoolSize(workers + 2);
        server.execute(database, "checkpoint");
        try (HikariDataSource writer = new HikariDataSource(config)) {
            Seconds.Watch watch = new Seconds.Watch();
            AtomicReference<RebuildPhase> phase = new AtomicReference<>(RebuildPhase.SURVEY);
            new Rebuild(writer)
                    .run(orders, RebuildOptions.DEFAULT.withWorkers(workers).withRestart(true), progress -> {
                        RebuildPhase before = phase.getAndSet(progress.phase());
                        if (before != progress.phase()) {
                            watch.end(title(before));
                        }
                    });
            watch.end(title(phase.get()) + " and swap");
            return watch.stop();
        }
    }

    private static String title(RebuildPhase phase) {
        return phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
