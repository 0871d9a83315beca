package io.orderledger.projections;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.LedgerFault;
import io.orderledger.projections.CheckBatches.Batch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongConsumer;
import javax.sql.DataSource;

/**
 * Compares what a projection's live table holds with what its query says as of the table's checkpoint, row for row, while everything runs.
 *
 * <p>Each batch is compared in one statement, in one snapshot, against the checkpoint in that snapshot. For a projection with a row an
 * order a batch is some hundred orders, and memory does not depend on the size of the ledger. The groups of a summed projection are made of
 * orders everywhere: they are compared in one statement that reads the whole ledger, whatever the sample.
 *
 * <p>Thread-safe if the data source is; its role is {@code ledger_projector}. Nothing that it sends pins a session of RDS Proxy. Methods
 * throw {@link io.orderledger.ledger.LedgerUnavailable} when the database cannot do it now, and {@link LedgerFault} when the code or the
 * set-up is wrong. Use: {@code new ProjectionCheck(dataSource).sample(projection, 1_000, seed, done -> {})}.
 */
public final class ProjectionCheck {
    /** How many differences are listed. */
    public static final int MAX_LISTED = 100;

    /** How many orders are compared in one statement. */
    static final int ORDERS_PER_BATCH = 500;

    private final Database database;

    public ProjectionCheck(DataSource dataSource) {
        this.database = new Database(dataSource);
    }

    /**
     * Compares all rows.
     *
     * @param compared is told after each batch how many orders were compared so far
     * @throws IllegalStateException if the projection waits for its first rebuild
     */
    public CheckReport all(Projection projection, LongConsumer compared) {
        return switch (projection) {
            case OrderProjection orders -> compare(orders, CheckBatches.all(database, orders), compared);
            case SummedProjection summed -> compare(summed, compared);
        };
    }

    /**
     * Compares orders that are drawn at random, those of the ledger and those of the table alike.
     *
     * @param orders how many, 1 or more
     * @param seed the same seed draws the same orders, as long as there are no others
     * @param compared as for {@link #all}
     * @throws IllegalStateException if the projection waits for its first rebuild
     */
    public CheckReport sample(Projection projection, int orders, long seed, LongConsumer compared) {
        if (orders < 1) {
            throw new IllegalArgumentException("A sample has one order or more, not " + orders);
        }
        return switch (projection) {
            case OrderProjection ordersProjection ->
                compare(
                        ordersProjection,
                        CheckBatches.sample(database, ordersProjection, orders, new Random(seed)),
                        compared);
            case SummedProjection summed -> compare(summed, compared);
        };
    }

    private CheckReport compare(OrderProjection projection, Iterator<Batch> batches, LongConsumer compared) {
        Findings findings = new Findings(projection.id());
        Comparison comparison = new Comparison(database, projection);
        while (batches.hasNext()) {
            Batch batch = batches.next();
            findings.add(compare(comparison, batch), batch.orders().size());
            compared.accept(findings.compared);
        }
        return findings.report();
    }

    /** Down to single orders where the query fails for one of them. */
    private List<Difference> compare(Comparison comparison, Batch batch) {
        try {
            return comparison.ofOrders(batch);
        } catch (LedgerFault fault) {
            if (!DataFailure.isOne(fault)) {
                throw fault;
            }
            if (batch.orders().size() == 1) {
                return List.of(unreadable(batch.orders().getFirst()));
            }
            List<Difference> differences = new ArrayList<>();
            batch.halves().forEach(half -> differences.addAll(compare(comparison, half)));
            return differences;
        }
    }

    private CheckReport compare(SummedProjection projection, LongConsumer compared) {
        Findings findings = new Findings(projection.id());
        Comparison comparison = new Comparison(database, projection);
        try {
            Comparison.Groups groups = comparison.ofGroups(MAX_LISTED);
            findings.add(groups.first(), groups.compared());
            findings.differences = groups.differences();
        } catch (LedgerFault fault) {
            if (!DataFailure.isOne(fault)) {
                throw fault;
            }
            nameUnreadable(comparison, findings);
        }
        compared.accept(findings.compared);
        return findings.report();
    }

    /** The groups cannot be told while there is an order that cannot be read; so it is told which. */
    private void nameUnreadable(Comparison comparison, Findings findings) {
        Iterator<Batch> batches = CheckBatches.ofLedger(database);
        while (batches.hasNext()) {
            Batch batch = batches.next();
            findings.add(unreadable(comparison, batch), batch.orders().size());
        }
    }

    private List<Difference> unreadable(Comparison comparison, Batch batch) {
        try {
            comparison.read(batch.orders());
            return List.of();
        } catch (LedgerFault fault) {
            if (!DataFailure.isOne(fault)) {
                throw fault;
            }
            if (batch.orders().size() == 1) {
                return List.of(unreadable(batch.orders().getFirst()));
            }
            List<Difference> differences = new ArrayList<>();
            batch.halves().forEach(half -> differences.addAll(unreadable(comparison, half)));
            return differences;
        }
    }

    private static Difference unreadable(UUID order) {
        return new Difference(Difference.Kind.UNREADABLE, List.of(order.toString()), List.of());
    }

    /** Counts all and keeps some. */
    private static final class Findings {
        private final String projection;
        private final List<Difference> first = new ArrayList<>();
        private long compared;
        private long differences;

        Findings(String projection) {
            this.projection = projection;
        }

        void add(List<Difference> found, long amount) {
            compared += amount;
            differences += found.size();
            found.stream().limit(MAX_LISTED - first.size()).forEach(first::add);
        }

        CheckReport report() {
            return new CheckReport(projection, compared, differences, first);
        }
    }
}
