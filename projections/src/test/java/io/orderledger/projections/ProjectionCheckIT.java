package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.projections.sales.DailySales;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectionCheckIT {
    private OrdersFixture orders;
    private final List<UUID> placed = new ArrayList<>();

    @BeforeEach
    void open() {
        orders = new OrdersFixture();
        for (int i = 0; i < ProjectionCheck.ORDERS_PER_BATCH + 20; i++) {
            UUID order = UUID.randomUUID();
            placed.add(order);
            orders.append(placing(order, NOON.plusSeconds(i)));
        }
        orders.append(cancellation(placed.get(3), NOON));
        orders.bringUpToDate();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    @Test
    void finds_nothing_where_nothing_is_wrong_and_the_ledger_is_ahead() {
        orders.append(placing(UUID.randomUUID(), NOON));
        orders.ledger().seal();

        CheckReport report = orders.check().all(ORDERS, done -> {});

        assertThat(report.first()).isEmpty();
        assertThat(report.compared()).isEqualTo(placed.size() + 1);
        assertThat(orders.check().all(new DailySales(), done -> {}).isEqual()).isTrue();
    }

    @Test
    void finds_rows_that_are_missing_superfluous_or_different() throws Exception {
        UUID missing = placed.get(0);
        UUID different = placed.get(1);
        UUID superfluous = UUID.randomUUID();
        orders.change(
                "update projection.orders_v2_a set order_id = '" + superfluous + "' where order_id = '" + missing + "'",
                "update projection.orders_v2_a set total = 1, cancelled_at = now(), status = 'CANCELLED' where order_id = '"
                        + different + "'");

        CheckReport report = orders.check().all(ORDERS, done -> {});

        assertThat(report.differences()).isEqualTo(3);
        assertThat(report.first())
                .containsExactlyInAnyOrder(
                        new Difference(Difference.Kind.MISSING, List.of(missing.toString()), List.of()),
                        new Difference(Difference.Kind.SUPERFLUOUS, List.of(superfluous.toString()), List.of()),
                        new Difference(
                                Difference.Kind.DIFFERENT,
                                List.of(different.toString()),
                                List.of("status", "total", "cancelled_at")));
    }

    @Test
    void finds_groups_that_differ() throws Exception {
        orders.change(
                "update projection.daily_sales_v1_a set revenue = revenue + 1",
                "insert into projection.daily_sales_v1_a values ('2020-02-29', 'GBP', 1, 0, 1)");

        CheckReport report = orders.check().sample(new DailySales(), 10, 1, done -> {});

        assertThat(report.differences()).isEqualTo(2);
        assertThat(report.first())
                .containsExactlyInAnyOrder(
                        new Difference(Difference.Kind.DIFFERENT, List.of("2026-03-01", "GBP"), List.of("revenue")),
                        new Difference(Difference.Kind.SUPERFLUOUS, List.of("2020-02-29", "GBP"), List.of()));
    }

    @Test
    void a_sample_looks_at_the_ledger_and_at_the_table() throws Exception {
        orders.change("delete from projection.orders_v2_a");
        assertThat(orders.check().sample(ORDERS, 5, 1, done -> {}).first())
                .isNotEmpty()
                .allMatch(difference -> difference.kind() == Difference.Kind.MISSING);
    }

    @Test
    void names_an_order_that_the_query_cannot_read_and_nobody_has_recorded() throws Exception {
        UUID order = UUID.randomUUID();
        orders.change("select ledger.append(gen_random_uuid(), '" + order
                + "', 'OrderPlaced', 1::smallint, '{\"items\": 1, \"customer\": {}}', null, '{}', now(), null)");
        orders.bringUpToDate();
        orders.change("delete from projection.failure");

        for (Projection projection : List.of(ORDERS, new DailySales())) {
            assertThat(orders.check().all(projection, done -> {}).first())
                    .containsExactly(new Difference(Difference.Kind.UNREADABLE, List.of(order.toString()), List.of()));
        }
    }
}
