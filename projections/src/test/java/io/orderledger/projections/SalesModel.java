package io.orderledger.projections;

import static java.util.stream.Collectors.groupingBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the summed projections should hold, worked out from scratch in plain Java: an order counts as the earliest of its placings says,
 * by time and then by ID, and is cancelled if a cancellation of it is there, unless it had been dispatched before the earliest one. Knows
 * nothing of SQL, blocks, or what was computed before.
 */
final class SalesModel {
    private SalesModel() {}

    /** An event that matters to sales. */
    sealed interface Fact {
        UUID eventId();

        UUID order();

        Instant at();
    }

    record Placed(UUID eventId, UUID order, Instant at, String customer, String currency, List<Line> lines)
            implements Fact {}

    record Cancelled(UUID eventId, UUID order, Instant at) implements Fact {}

    /** Dispatched, or delivered: either says that it had left the house. */
    record Left(UUID eventId, UUID order, Instant at, boolean isDelivered) implements Fact {}

    record Line(String sku, long quantity, long unitPrice) {}

    private record Order(Placed as, boolean isCancelled) {
        long amount(Collection<Line> lines) {
            return isCancelled
                    ? 0
                    : lines.stream()
                            .mapToLong(line -> line.quantity() * line.unitPrice())
                            .sum();
        }

        String day() {
            return as.at().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        }
    }

    /** For each projection's name its groups, key and values as text with a bar between columns. */
    static Map<String, SortedMap<String, String>> of(Collection<Fact> facts) {
        List<Order> orders = orders(facts);
        return Map.of(
                "customer_orders", customerOrders(orders),
                "daily_sales", dailySales(orders),
                "item_sales", itemSales(orders));
    }

    private static List<Order> orders(Collection<Fact> facts) {
        Map<UUID, Instant> cancelled = new HashMap<>();
        Map<UUID, Instant> left = new HashMap<>();
        Map<UUID, Placed> first = new TreeMap<>();
        // The database compares IDs by their unsigned bytes, as their text does, and not as UUID.compareTo.
        Comparator<Placed> earliest = Comparator.comparing(Placed::at)
                .thenComparing(placed -> placed.eventId().toString());
        for (Fact fact : facts) {
            switch (fact) {
                case Placed placed ->
                    first.merge(
                            placed.order(), placed, (one, other) -> earliest.compare(one, other) <= 0 ? one : other);
                case Cancelled cancellation ->
                    cancelled.merge(cancellation.order(), cancellation.at(), SalesModel::earlier);
                case Left leaving -> left.merge(leaving.order(), leaving.at(), SalesModel::earlier);
            }
        }
        return first.values().stream()
                .map(placed -> new Order(placed, counts(cancelled.get(placed.order()), left.get(placed.order()))))
                .toList();
    }

    private static boolean counts(@Nullable Instant cancelled, @Nullable Instant left) {
        return cancelled != null && (left == null || !left.isBefore(cancelled));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static SortedMap<String, String> customerOrders(List<Order> orders) {
        SortedMap<String, String> groups = new TreeMap<>();
        orders.stream()
                .collect(groupingBy(
                        order -> bars(order.as().customer(), order.as().currency())))
                .forEach((key, of) -> {
                    long cancelled = of.stream().filter(Order::isCancelled).count();
                    long spent = of.stream()
                            .mapToLong(order -> order.amount(order.as().lines()))
                            .sum();
                    List<Instant> times =
                            of.stream().map(order -> order.as().at()).sorted().toList();
                    groups.put(
                            key,
                            bars(
                                    of.size(),
                                    of.size() - cancelled,
                                    cancelled,
                                    spent,
                                    micros(times.getFirst()),
                                    micros(times.getLast())));
                });
        return groups;
    }

    private static SortedMap<String, String> dailySales(List<Order> orders) {
        SortedMap<String, String> groups = new TreeMap<>();
        orders.stream()
                .collect(groupingBy(order -> bars(order.day(), order.as().currency())))
                .forEach((key, of) -> groups.put(
                        key,
                        bars(
                                of.size(),
                                of.stream().filter(Order::isCancelled).count(),
                                of.stream()
                                        .mapToLong(
                                                order -> order.amount(order.as().lines()))
                                        .sum())));
        return groups;
    }

    private static SortedMap<String, String> itemSales(List<Order> orders) {
        SortedMap<String, long[]> sums = new TreeMap<>();
        for (Order order : orders) {
            order.as().lines().stream().collect(groupingBy(Line::sku)).forEach((sku, lines) -> {
                long[] group =
                        sums.computeIfAbsent(bars(sku, order.day(), order.as().currency()), key -> new long[4]);
                group[0]++;
                group[1] += order.isCancelled() ? 1 : 0;
                group[2] += order.isCancelled()
                        ? 0
                        : lines.stream().mapToLong(Line::quantity).sum();
                group[3] += order.amount(lines);
            });
        }
        SortedMap<String, String> groups = new TreeMap<>();
        sums.forEach((key, group) -> groups.put(key, bars(group[0], group[1], group[2], group[3])));
        return groups;
    }

    private static String bars(Object... columns) {
        return String.join("|", List.of(columns).stream().map(String::valueOf).toList());
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
