package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.world.LedgerRows.Event;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the list of orders has to say, folded by the checker from events. The one place of the world that knows statuses: whoever adds one to
 * the product says here, in his own words, what it follows from.
 */
final class OrderFold {
    /** The views that are compared: the newest, and the one before it, which says the same of orders that nobody has begun to prepare. */
    static final List<String> VIEWS = List.of("projection.orders_v1", "projection.orders_v2");

    /** A row of the list. */
    record Row(
            UUID orderId,
            String status,
            String customerId,
            String currency,
            long total,
            JsonNode items,
            Instant placedAt,
            Optional<Instant> cancelledAt,
            int version,
            long placings) {}

    private OrderFold() {}

    /** The rows of all orders that were placed, by order. */
    static Map<UUID, Row> of(List<Event> events) {
        return events.stream().collect(Collectors.groupingBy(Event::orderId)).values().stream()
                .map(OrderFold::row)
                .flatMap(Optional::stream)
                .collect(Collectors.toMap(Row::orderId, Function.identity()));
    }

    private static Optional<Row> row(List<Event> order) {
        // PostgreSQL orders UUIDs by their bytes, and so does their text.
        Comparator<Event> first = Comparator.comparing(Event::occurredAt)
                .thenComparing(event -> event.eventId().toString());
        List<Event> placings = order.stream()
                .filter(event -> event.type().equals("OrderPlaced"))
                .sorted(first)
                .toList();
        if (placings.isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> cancelledAt = order.stream()
                .filter(event -> event.type().equals("OrderCancelled"))
                .map(Event::occurredAt)
                .min(Comparator.naturalOrder());
        JsonNode content = placings.getFirst().payload();
        long total = 0;
        for (JsonNode item : content.get("items")) {
            total += item.get("quantity").asLong() * item.get("unitPrice").asLong();
        }
        return Optional.of(new Row(
                placings.getFirst().orderId(),
                cancelledAt.isPresent() ? "CANCELLED" : "PLACED",
                content.at("/customer/id").asText(),
                content.get("currency").asText(),
                total,
                content.get("items"),
                placings.getFirst().occurredAt(),
                cancelledAt,
                order.size(),
                placings.size()));
    }

    /** The rows that readers of a view see. */
    static Map<UUID, Row> seen(LedgerRows rows, String view) {
        return rows
                .query(
                        "select order_id, status, customer_id, currency, total, items, placed_at, cancelled_at, version,"
                                + " placings from " + view,
                        row -> new Row(
                                row.getObject(1, UUID.class),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getLong(5),
                                LedgerRows.json(row.getString(6)),
                                row.getObject(7, java.time.OffsetDateTime.class).toInstant(),
                                Optional.ofNullable(row.getObject(8, java.time.OffsetDateTime.class))
                                        .map(java.time.OffsetDateTime::toInstant),
                                row.getInt(9),
                                row.getLong(10)))
                .stream()
                .collect(Collectors.toMap(Row::orderId, Function.identity()));
    }
}
