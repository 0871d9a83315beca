package io.orderledger.local.world;

import io.orderledger.local.world.LedgerRows.Event;
import io.orderledger.projections.CheckReport;
import io.orderledger.projections.Projection;
import io.orderledger.projections.ProjectionCheck;
import io.orderledger.projections.Rebuild;
import io.orderledger.projections.RebuildOptions;
import io.orderledger.projections.registered.RegisteredProjections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Views say what follows from the events; live, checked and rebuilt they are the same, row for row. */
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

    /** Compares every view with the checker's fold and with its own query, and rebuilds one of them: which one depends on the seed. */
    void check(List<Event> events) {
        for (OrderFold.View view : OrderFold.View.values()) {
            compareList(events, view);
        }
        comparePlacings(events);
        compareSums(events);
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

    private void compareList(List<Event> events, OrderFold.View view) {
        Map<UUID, OrderFold.Row> expected = OrderFold.of(events, view);
        Map<UUID, OrderFold.Row> seen = OrderFold.seen(rows, view);
        Set<UUID> orders = new HashSet<>(expected.keySet());
        orders.addAll(seen.keySet());
        orders.stream()
                .filter(order -> !Optional.ofNullable(expected.get(order)).equals(Optional.ofNullable(seen.get(order))))
                .forEach(order -> broken.accept(
                        "the list says what follows from the events",
                        view + ": order " + order + " is " + seen.get(order) + " and not " + expected.get(order)));
    }

    /** How often an order was placed, and where the ledger has the first of these, which no reader of the API sees. */
    private void comparePlacings(List<Event> events) {
        Map<UUID, String> expected = events.stream()
                .filter(event -> event.type().equals("OrderPlaced"))
                .collect(Collectors.groupingBy(
                        Event::orderId,
                        Collectors.collectingAndThen(
                                Collectors.toList(),
                                placings -> placings.size() + " at "
                                        + placings.stream()
                                                .mapToLong(Event::position)
                                                .min()
                                                .orElseThrow())));
        rows
                .query(
                        "select order_id, placings || ' at ' || placed_position from projection.orders_v2",
                        row -> Map.entry(row.getObject(1, UUID.class), row.getString(2)))
                .stream()
                .filter(seen -> !seen.getValue().equals(expected.get(seen.getKey())))
                .forEach(seen -> broken.accept(
                        "the list says what follows from the events",
                        "placings of order " + seen.getKey() + ": " + seen.getValue() + " and not "
                                + expected.get(seen.getKey())));
    }

    private void compareSums(List<Event> events) {
        for (SumFold.Sum sum : SumFold.Sum.values()) {
            Map<String, String> expected = SumFold.of(events, sum);
            Map<String, String> seen = SumFold.seen(rows, sum);
            if (!seen.equals(expected)) {
                broken.accept("sums are those of the orders", sum + " is " + seen + " and not " + expected);
            }
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
