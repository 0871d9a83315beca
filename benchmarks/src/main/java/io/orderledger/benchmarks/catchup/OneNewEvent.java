package io.orderledger.benchmarks.catchup;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.contestants.OrderLedger;
import io.orderledger.benchmarks.rebuild.EngineRebuild;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.server.HeldConnection;
import io.orderledger.benchmarks.workload.OrderEvents;
import io.orderledger.benchmarks.workload.Samples;
import io.orderledger.ledger.Deadline;
import io.orderledger.ledger.Ledger;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.CatchUpResult;
import io.orderledger.projections.Projection;
import io.orderledger.projections.registered.RegisteredProjections;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A step of catching up that has one new event to take into account, its commit included. Not thread-safe. */
public final class OneNewEvent implements AutoCloseable {
    private static final Duration MAX_SEALING = Duration.ofSeconds(30);

    private final Projection orders =
            RegisteredProjections.find(EngineRebuild.ORDERS).orElseThrow();
    private final HeldConnection sealer;
    private final HeldConnection projector;
    private final Client client;
    private final OrderEvents events;

    /** Uses a database whose list of orders is current, and adds to it. */
    public OneNewEvent(BenchmarkServer server, String database, Samples samples) throws SQLException {
        this.sealer = new HeldConnection(server.as("ledger_sealer", database));
        this.projector = new HeldConnection(server.as("ledger_projector", database));
        this.client = new OrderLedger(true).connect(server, database);
        this.events = new OrderEvents(samples, System.nanoTime());
    }

    /** Takes as many steps, and returns what each cost. */
    public List<Double> micros(int steps) throws SQLException {
        Ledger ledger = new Ledger(sealer.dataSource());
        CatchUp catchUp = new CatchUp(projector.dataSource());
        List<Double> micros = new ArrayList<>(steps);
        for (int i = 0; i < steps; i++) {
            client.append(events.next());
            ledger.sealAll(Deadline.after(MAX_SEALING));
            long begin = System.nanoTime();
            CatchUpResult result = catchUp.step(orders);
            micros.add((System.nanoTime() - begin) / 1e3);
            if (!(result instanceof CatchUpResult.CaughtUp)) {
                throw new IllegalStateException("There was a new event, and the step found none");
            }
        }
        return micros;
    }

    @Override
    public void close() throws SQLException {
        client.close();
        sealer.close();
        projector.close();
    }
}
