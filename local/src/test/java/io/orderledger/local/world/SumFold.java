package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.world.LedgerRows.Event;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What customers, days and items add up to, counted by the checker from the orders of his own fold. */
final class SumFold {
    /** The sums that the product keeps, each by a key and as a text that holds its figures. */
    enum Sum {
        DAYS("select day || ' ' || currency, orders || ' orders, ' || cancelled || ' cancelled, ' || revenue"
                + " from projection.daily_sales_v1"),
        CUSTOMERS(
                "select customer_id || ' ' || currency, orders || ' orders, ' || cancelled || ' cancelled, ' || spent"
                        + " || ' from ' || (extract(epoch from first_placed_at) * 1000000)::bigint"
                        + " || ' to ' || (extract(epoch from last_placed_at) * 1000000)::bigint from projection.customer_orders_v1"),
        ITEMS("select sku || ' ' || day || ' ' || currency,"
                + " orders || ' orders, ' || cancelled || ' cancelled, ' || quantity || ' sold, ' || revenue"
                + " from projection.item_sales_v1");

        private final String query;

        Sum(String query) {
            this.query = query;
        }
    }

    private SumFold() {}

    static Map<String, String> seen(LedgerRows rows, Sum sum) {
        return new TreeMap<>(rows.query(sum.query, row -> Map.entry(row.getString(1), row.getString(2))).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    static Map<String, String> of(List<Event> events, Sum sum) {
        List<OrderFold.Row> orders =
                List.copyOf(OrderFold.of(events, OrderFold.View.NEWEST).values());
        return new TreeMap<>(
                switch (sum) {
                    case DAYS -> grouped(orders, order -> day(order) + " " + order.currency(), SumFold::figures);
                    case CUSTOMERS ->
                        grouped(
                                orders,
                                order -> order.customerId() + " " + order.currency(),
                                some -> figures(some) + " from " + microseconds(some, Comparator.naturalOrder())
                                        + " to " + microseconds(some, Comparator.reverseOrder()));
                    case ITEMS -> items(orders);
                });
    }

    private interface Figures {
        String of(List<OrderFold.Row> orders);
    }

    private static Map<String, String> grouped(
            List<OrderFold.Row> orders, Function<OrderFold.Row, String> key, Figures figures) {
        return orders.stream()
                .collect(Collectors.groupingBy(key, Collectors.collectingAndThen(Collectors.toList(), figures::of)));
    }

    private static String figures(List<OrderFold.Row> orders) {
        long cancelled = orders.stream().filter(SumFold::isCancelled).count();
        long revenue = orders.stream()
                .filter(order -> !isCancelled(order))
                .mapToLong(OrderFold.Row::total)
                .sum();
        return orders.size() + " orders, " + cancelled + " cancelled, " + revenue;
    }

    private static long microseconds(List<OrderFold.Row> orders, Comparator<Instant> first) {
        return ChronoUnit.MICROS.between(
                Instant.EPOCH,
                orders.stream().map(OrderFold.Row::placedAt).min(first).orElseThrow());
    }

    private static Map<String, String> items(List<OrderFold.Row> orders) {
        Map<String, long[]> sold = new HashMap<>();
        for (OrderFold.Row order : orders) {
            Map<String, long[]> ofOrder = new HashMap<>();
            for (JsonNode item : order.items()) {
                String key = item.get("sku").asText() + " " + day(order) + " " + order.currency();
                long quantity = item.get("quantity").asLong();
                add(
                        ofOrder,
                        key,
                        0,
                        0,
                        quantity,
                        quantity * item.get("unitPrice").asLong());
            }
            boolean cancelled = isCancelled(order);
            ofOrder.forEach((key, sums) ->
                    add(sold, key, 1, cancelled ? 1 : 0, cancelled ? 0 : sums[2], cancelled ? 0 : sums[3]));
        }
        return sold.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> {
            long[] sums = each.getValue();
            return sums[0] + " orders, " + sums[1] + " cancelled, " + sums[2] + " sold, " + sums[3];
        }));
    }

    private static void add(Map<String, long[]> sums, String key, long... more) {
        long[] sum = sums.computeIfAbsent(key, _ -> new long[more.length]);
        for (int i = 0; i < more.length; i++) {
            sum[i] += more[i];
        }
    }

    private static boolean isCancelled(OrderFold.Row order) {
        return order.status().equals("CANCELLED");
    }

    private static String day(OrderFold.Row order) {
        return order.placedAt().atZone(ZoneOffset.UTC).toLocalDate().toString();
    }
}
