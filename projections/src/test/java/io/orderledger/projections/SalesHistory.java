package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.event;
import static io.orderledger.projections.OrdersFixture.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.SalesModel.Cancelled;
import io.orderledger.projections.SalesModel.Fact;
import io.orderledger.projections.SalesModel.Left;
import io.orderledger.projections.SalesModel.Line;
import io.orderledger.projections.SalesModel.Placed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * A random history that arrives in a random order: few orders, customers and items, so that they meet often; placings of one order that
 * contradict each other, cancellations before placings, duplicates, and events whose positions are drawn long before their commit.
 */
final class SalesHistory implements AutoCloseable {
    private static final int ORDERS = 7;
    private static final int MAX_UNCOMMITTED = 2;
    private static final Instant MIDNIGHT = Instant.parse("2026-03-02T00:00:00Z");

    private final OrdersFixture ledger;
    private final Random random;
    private final List<UUID> orders;
    private final List<Fact> committed = new ArrayList<>();
    private final Deque<Uncommitted> uncommitted = new ArrayDeque<>();

    private record Uncommitted(Connection connection, Fact fact) {}

    SalesHistory(OrdersFixture ledger, Random random) {
        this.ledger = ledger;
        this.random = random;
        this.orders = IntStream.range(0, ORDERS).mapToObj(order -> uuid(random)).toList();
    }

    /** What the next block makes visible, and the blocks before it did. */
    List<Fact> committed() {
        return List.copyOf(committed);
    }

    void somethingHappens() throws SQLException {
        int kind = random.nextInt(10);
        if (kind == 0 && !committed.isEmpty()) {
            ledger.append(toEvent(committed.get(random.nextInt(committed.size()))));
        } else if (kind == 1 && !uncommitted.isEmpty()) {
            commitOldest();
        } else {
            UUID order = orders.get(random.nextInt(ORDERS));
            if (uncommitted.stream().anyMatch(other -> other.fact().order().equals(order))) {
                return; // the order's next version would wait for the commit
            }
            Fact fact = switch (random.nextInt(8)) {
                case 0, 1 -> new Cancelled(uuid(random), order, time());
                case 2, 3 -> new Left(uuid(random), order, time(), random.nextBoolean());
                default -> placed(order);
            };
            if (kind == 2 && uncommitted.size() < MAX_UNCOMMITTED) {
                appendUncommitted(fact);
            } else {
                ledger.append(toEvent(fact));
                committed.add(fact);
            }
        }
    }

    void commitAll() throws SQLException {
        while (!uncommitted.isEmpty()) {
            commitOldest();
        }
    }

    private void commitOldest() throws SQLException {
        Uncommitted oldest = uncommitted.remove();
        try (Connection connection = oldest.connection()) {
            connection.commit();
        }
        committed.add(oldest.fact());
    }

    private void appendUncommitted(Fact fact) throws SQLException {
        NewEvent event = toEvent(fact);
        Connection connection = ledger.connectRecorder();
        connection.setAutoCommit(false);
        try (PreparedStatement append = connection.prepareStatement(
                "select ledger.append(?, ?, ?, 1::smallint, ?::jsonb, null, '{}', ?::timestamptz, null)")) {
            append.setObject(1, event.eventId());
            append.setObject(2, event.streamId());
            append.setString(3, event.type());
            append.setString(4, event.payload().toString());
            append.setString(5, event.occurredAt().toString());
            append.execute();
        }
        uncommitted.add(new Uncommitted(connection, fact));
    }

    private Placed placed(UUID order) {
        List<Line> lines = IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(
                        line -> new Line("sku" + random.nextInt(3), 1L + random.nextInt(3), 100L * random.nextInt(10)))
                .toList();
        return new Placed(
                uuid(random), order, time(), "c" + random.nextInt(3), random.nextInt(3) == 0 ? "EUR" : "GBP", lines);
    }

    /** Around two midnights, by microseconds, so that times are often the same, too. */
    private Instant time() {
        return MIDNIGHT.plus(Duration.ofDays(random.nextInt(2))).plusNanos(1_000L * (random.nextInt(5) - 2));
    }

    private static NewEvent toEvent(Fact fact) {
        return switch (fact) {
            case Placed placed ->
                event(placed.eventId(), placed.order(), EventTypes.ORDER_PLACED, payload(placed), placed.at());
            case Cancelled(UUID eventId, UUID order, Instant at) ->
                event(eventId, order, EventTypes.ORDER_CANCELLED, json("{}"), at);
            case Left(UUID eventId, UUID order, Instant at, boolean isDelivered) ->
                event(
                        eventId,
                        order,
                        isDelivered ? EventTypes.ORDER_DELIVERED : EventTypes.ORDER_DISPATCHED,
                        json("{}"),
                        at);
        };
    }

    private static ObjectNode payload(Placed placed) {
        ObjectNode payload = json("{}").put("currency", placed.currency());
        payload.putObject("customer").put("id", placed.customer());
        ArrayNode items = payload.putArray("items");
        for (Line line : placed.lines()) {
            items.addObject()
                    .put("sku", line.sku())
                    .put("quantity", line.quantity())
                    .put("unitPrice", line.unitPrice());
        }
        return payload;
    }

    /** Not {@code randomUUID}: with the same seed a failing try can be run again. */
    private static UUID uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    @Override
    public void close() throws SQLException {
        for (Uncommitted left : uncommitted) {
            left.connection().close();
        }
    }
}
