package io.orderledger.benchmarks.server;

import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.SealResult;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Seals every 100 ms what is pending by then, in full blocks and one that is not full. It does not go on with what comes in meanwhile, as {@link
 * Ledger#sealAll} does: while somebody appends all the time that would be one block after another, each with hardly an event.
 */
public final class Sealer implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration MAX_END = Duration.ofMinutes(2);

    private final HeldConnection connection;
    private final Ledger ledger;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> sealing;

    private Sealer(HeldConnection connection) {
        this.connection = connection;
        this.ledger = new Ledger(connection.dataSource());
        this.sealing = executor.scheduleAtFixedRate(this::sealPending, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Starts to seal a database's ledger. */
    public static Sealer start(BenchmarkServer server, String database) throws SQLException {
        return new Sealer(new HeldConnection(server.as("ledger_sealer", database)));
    }

    /** Ends, once everything is in a block. Nobody appends any more. */
    public void finish() throws InterruptedException {
        sealing.cancel(false);
        executor.shutdown();
        if (!executor.awaitTermination(MAX_END.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("Sealing does not keep up: after " + MAX_END + " events still wait");
        }
        demandNoFailure();
        sealPending();
    }

    private void sealPending() {
        while (ledger.seal() instanceof SealResult.Sealed(long _, int eventCount)
                && eventCount == Ledger.MAX_EVENTS_PER_BLOCK) {
            // A full block: there may be more.
        }
    }

    /** What fails is not done again, and nobody else would notice. */
    private void demandNoFailure() throws InterruptedException {
        if (!sealing.isCancelled()) {
            try {
                sealing.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("The sealer has failed", e.getCause());
            }
        }
    }

    @Override
    public void close() throws SQLException {
        executor.shutdownNow();
        connection.close();
    }
}
