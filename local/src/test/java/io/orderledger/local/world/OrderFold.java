package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.world.LedgerRows.Event;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the list of orders has to say, folded by the checker from events. The one place of the world that knows statuses: whoever adds one to
 * the product says here, in his own words, what it follows from.
 */
final class OrderFold {
    /** The list's versions: the first one knew nothing of reports, and took every cancellation for good. */
    enum View {
        FIRST("projection.orders_v1", false),
        NEWEST("projection.orders_v2", true);

        private final String table;
        private final boolean knowsReports;

        View(String table, boolean knowsReports) {
            this.table = table;
            this.knowsReports = knowsReports;
        }

        String table() {
            return table;
        }
    }

    /**
     * A row of the list. What the first version does not show is the same in all of its rows.
     *
     * @param refused whether a cancellation came too late
     */
    record Row(
            UUID orderId,
            String status,
            boolean refused,
            Optional<String> channel,
            String customerId,
            String currency,
            long total,
            JsonNode items,
            Instant placedAt,
            Optional<Instant> preparedAt,
            Optional<Instant> dispatchedAt,
            Optional<Instant> deliveredAt,
            Optional<Instant> cancelledAt,
            int version) {}

    private OrderFold() {}

    /** The rows of all orders that were placed, by order. */
    static Map<UUID, Row> of(List<Event> events, View view) {
        return events.stream().collect(Collectors.groupingBy(Event::orderId)).values().stream()
                .map(order -> row(order, view))
                .flatMap(Optional::stream)
                .collect(Collectors.toMap(Row::orderId, Function.identity()));
    }

    /** The row of one order; empty while it is not placed. */
    static Optional<Row> row(List<Event> order, View view) {
        // PostgreSQL orders UUIDs by their bytes, and so does their text.
        Comparator<Event> first = Comparator.comparing(Event::occurredAt)
                .thenComparing(event -> event.eventId().toString());
        Optional<Event> placing = of(order, "OrderPlaced").min(first);
        if (placing.isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> asked = earliest(order, "OrderCancelled");
        Optional<Instant> prepared = seen(view, order, "OrderPrepared");
        Optional<Instant> dispatched = seen(view, order, "OrderDispatched");
        Optional<Instant> delivered = seen(view, order, "OrderDelivered");
        boolean tooLate = asked.isPresent()
                && Stream.of(dispatched, delivered)
                        .flatMap(Optional::stream)
                        .anyMatch(left -> left.isBefore(asked.get()));
        Optional<Instant> cancelled = asked.filter(_ -> !tooLate);
        String status = "PLACED";
        status = prepared.isPresent() ? "PREPARED" : status;
        status = dispatched.isPresent() ? "DISPATCHED" : status;
        status = delivered.isPresent() ? "DELIVERED" : status;
        status = cancelled.isPresent() ? "CANCELLED" : status;
        JsonNode content = placing.get().payload();
        return Optional.of(new Row(
                placing.get().orderId(),
                status,
                tooLate,
                Optional.of(content.path("channel").asText()).filter(_ -> view.knowsReports),
                content.at("/customer/id").asText(),
                content.get("currency").asText(),
                total(content.get("items")),
                content.get("items"),
                placing.get().occurredAt(),
                prepared,
                dispatched,
                delivered,
                cancelled,
                order.size()));
    }

    private static long total(JsonNode items) {
        long total = 0;
        for (JsonNode item : items) {
            total += item.get("quantity").asLong() * item.get("unitPrice").asLong();
        }
        return total;
    }

    private static Stream<Event> of(List<Event> order, String type) {
        return order.stream().filter(event -> event.type().equals(type));
    }

    private static Optional<Instant> earliest(List<Event> order, String type) {
        return of(order, type).map(Event::occurredAt).min(Comparator.naturalOrder());
    }

    private static Optional<Instant> seen(View view, List<Event> order, String type) {
        return view.knowsReports ? earliest(order, type) : Optional.empty();
    }

    /** The rows that readers of a view see. */
    static Map<UUID, Row> seen(LedgerRows rows, View view) {
        String columns = view.knowsReports
                ? "cancellation_refused, channel, prepared_at, dispatched_at, delivered_at"
                : "false, null, null::timestamptz, null::timestamptz, null::timestamptz";
        return rows
                .query(
                        "select order_id, status, customer_id, currency, total, items, placed_at, cancelled_at, version, "
                                + columns + " from " + view.table(),
                        OrderFold::read)
                .stream()
                .collect(Collectors.toMap(Row::orderId, Function.identity()));
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getBoolean(10),
                Optional.ofNullable(row.getString(11)),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                LedgerRows.json(row.getString(6)),
                LedgerRows.time(row, 7).orElseThrow(),
                LedgerRows.time(row, 12),
                LedgerRows.time(row, 13),
                LedgerRows.time(row, 14),
                LedgerRows.time(row, 8),
                row.getInt(9));
    }

    /** A row as the API shows it. */
    static Row shown(JsonNode order) {
        return new Row(
                UUID.fromString(order.get("orderId").asText()),
                order.get("status").asText(),
                order.get("cancellationRefused").asBoolean(),
                Optional.ofNullable(order.get("channel"))
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::asText),
                order.get("customerId").asText(),
                order.get("currency").asText(),
                order.get("total").asLong(),
                order.get("items"),
                time(order, "placedAt").orElseThrow(),
                time(order, "preparedAt"),
                time(order, "dispatchedAt"),
                time(order, "deliveredAt"),
                time(order, "cancelledAt"),
                order.get("version").asInt());
    }

    private static Optional<Instant> time(JsonNode order, String name) {
        return Optional.of(order.path(name)).filter(JsonNode::isTextual).map(text -> Instant.parse(text.asText()));
    }
}
