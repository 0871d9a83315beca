package io.orderledger.projections;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.ledger.Database;
import io.orderledger.projections.customers.CustomerOrders;
import io.orderledger.projections.sales.DailySales;
import io.orderledger.projections.sales.ItemSales;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * For random histories, and at every height: what the summed projections hold, caught up in steps of any size, rebuilt, or as of the block,
 * is what {@link SalesModel} works out from the same events.
 */
class SalesPropertyIT {
    private static final int TRIES = 12;
    private static final int EVENTS = 60;

    private static final List<SummedProjection> SUMMED =
            List.of(new CustomerOrders(), new DailySales(), new ItemSales());

    /** For each projection the expression that is its key, and the one that is the rest, as the model writes them. */
    private static final Map<String, String> COLUMNS = Map.of(
            "customer_orders",
            """
            concat_ws('|', customer_id, currency) as key, concat_ws('|', orders, open, cancelled, spent,
                (extract(epoch from first_placed_at) * 1000000)::bigint, (extract(epoch from last_placed_at) * 1000000)::bigint)""",
            "daily_sales",
            "concat_ws('|', day, currency) as key, concat_ws('|', orders, cancelled, revenue)",
            "item_sales",
            "concat_ws('|', sku, day, currency) as key, concat_ws('|', orders, cancelled, quantity, revenue)");

    private final SortedMap<Long, Map<String, SortedMap<String, String>>> expected = new TreeMap<>();

    @Property(tries = TRIES)
    void the_views_are_what_a_model_in_plain_java_works_out(@ForAll Random random) throws Exception {
        try (OrdersFixture ledger = new OrdersFixture();
                SalesHistory history = new SalesHistory(ledger, random)) {
            expected.clear();
            expected.put(0L, SalesModel.of(List.of()));
            for (int i = 0; i < EVENTS; i++) {
                history.somethingHappens();
                if (random.nextInt(3) == 0) {
                    seal(ledger, history);
                    catchSomeUp(ledger, random);
                }
            }
            history.commitAll();
            seal(ledger, history);
            ledger.bringUpToDate();

            for (SummedProjection projection : SUMMED) {
                assertLive(ledger, projection, expected.lastKey());
                for (long height : expected.keySet()) {
                    assertAsOf(ledger, projection, height);
                }
                ledger.rebuild()
                        .run(
                                projection,
                                RebuildOptions.DEFAULT.withChunkPositions(1 + random.nextInt(EVENTS)),
                                progress -> {});
                assertLive(ledger, projection, expected.lastKey());
                assertThat(ledger.check().all(projection, done -> {}).first()).isEmpty();
            }
            assertThat(ledger.look("select order_id from projection.failure")).isEmpty();
            noteWhatHappened(ledger);
        }
    }

    private void seal(OrdersFixture ledger, SalesHistory history) throws SQLException {
        ledger.ledger().seal();
        long height = Long.parseLong(
                ledger.look("select coalesce(max(height), 0) from ledger.block").getFirst());
        expected.put(height, SalesModel.of(history.committed()));
    }

    /** Any of them, in any order: the list of orders, by which one of them looks orders up, can be ahead or behind. */
    private void catchSomeUp(OrdersFixture ledger, Random random) throws SQLException {
        List<Projection> some = new ArrayList<>(SUMMED);
        some.add(OrdersFixture.ORDERS);
        Collections.shuffle(some, random);
        for (Projection projection : some.subList(0, random.nextInt(some.size() + 1))) {
            if (ledger.catchUp().step(projection) instanceof CatchUpResult.CaughtUp(long height)
                    && projection instanceof SummedProjection summed) {
                assertLive(ledger, summed, height);
            }
        }
    }

    private void assertLive(OrdersFixture ledger, SummedProjection projection, long height) throws SQLException {
        assertThat(groups(ledger, projection, "projection." + projection.id()))
                .as("%s at %s", projection.id(), height)
                .isEqualTo(model(projection, height));
    }

    private void assertAsOf(OrdersFixture ledger, SummedProjection projection, long height) throws SQLException {
        String query = new Database(ledger.recorder())
                .statement(sql -> sql.renderInlined(Content.of(projection).rows(new Scope.Everything(height))));
        assertThat(groups(ledger, projection, "(" + query + ")"))
                .as("%s as of %s", projection.id(), height)
                .isEqualTo(model(projection, height));
    }

    private SortedMap<String, String> model(SummedProjection projection, long height) {
        return Objects.requireNonNull(
                Objects.requireNonNull(expected.get(height)).get(projection.name()));
    }

    private static SortedMap<String, String> groups(OrdersFixture ledger, SummedProjection projection, String from)
            throws SQLException {
        SortedMap<String, String> groups = new TreeMap<>();
        for (String row : ledger.look("select key || '=' || rest from (select %s as rest from %s v) t"
                .formatted(COLUMNS.get(projection.name()), from))) {
            groups.put(row.substring(0, row.indexOf('=')), row.substring(row.indexOf('=') + 1));
        }
        return groups;
    }

    /** A history in which nothing of this happens would show little, so some of all histories have to have each. */
    private void noteWhatHappened(OrdersFixture ledger) throws SQLException {
        for (SummedProjection projection : SUMMED) {
            note(projection.name() + ": a group becomes empty", happened(projection, (before, after) -> after == null));
        }
        note(
                "customer_orders: a customer's last order is not the last any more",
                happened(SUMMED.getFirst(), (before, after) -> after != null && lastTime(after) < lastTime(before)));
        note(
                "an event is late",
                !ledger.look("select position from ledger.late").isEmpty());
        note("a cancellation is refused", !ledger.look("""
                        select order_id from projection.orders_v2 where cancellation_refused""").isEmpty());
        note("an order is cancelled before it is placed", !ledger.look("""
                        select stream_id from ledger.event where version = 1 and type = 'OrderCancelled'""").isEmpty());
    }

    private static void note(String what, boolean happened) {
        Statistics.label(what).collect(happened);
        Statistics.label(what).coverage(coverage -> coverage.check(true).count(count -> count > 0));
    }

    private interface Change {
        boolean is(String before, @Nullable String after);
    }

    private boolean happened(SummedProjection projection, Change change) {
        SortedMap<String, String> before = model(projection, 0);
        for (long height : expected.keySet()) {
            SortedMap<String, String> after = model(projection, height);
            if (before.entrySet().stream().anyMatch(group -> change.is(group.getValue(), after.get(group.getKey())))) {
                return true;
            }
            before = after;
        }
        return false;
    }

    private static long lastTime(String values) {
        return Long.parseLong(values.substring(values.lastIndexOf('|') + 1));
    }
}
