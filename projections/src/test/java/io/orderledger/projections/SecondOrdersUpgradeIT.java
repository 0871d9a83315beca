package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.FIRST_ORDERS;
import static io.orderledger.projections.OrdersFixture.LIMIT;
import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.dispatch;
import static io.orderledger.projections.OrdersFixture.placing;
import static io.orderledger.projections.OrdersFixture.preparation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.projections.customers.CustomerOrders;
import io.orderledger.projections.orders.ListedOrder;
import io.orderledger.projections.orders.OrderFilter;
import io.orderledger.projections.orders.OrderList;
import io.orderledger.projections.orders.OrderStatus;
import io.orderledger.projections.registered.RegisteredProjections;
import io.orderledger.projections.sales.DailySales;
import io.orderledger.projections.sales.ItemSales;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ledger with orders in it, from before version 2 of the list of orders, is brought to it while it is used. */
class SecondOrdersUpgradeIT {
    /** The last migration without version 2. */
    private static final int BEFORE = 16;

    private final UUID placed = UUID.randomUUID();
    private final UUID cancelled = UUID.randomUUID();
    private final UUID refused = UUID.randomUUID();

    private TemporaryDatabase database;
    private OrdersFixture orders;

    @BeforeEach
    void open() {
        database = TemporaryDatabase.createAtVersion(BEFORE);
        orders = new OrdersFixture(database);
        orders.append(
                placing(placed, NOON),
                placing(cancelled, NOON.plusSeconds(1)),
                cancellation(cancelled, NOON.plusSeconds(60)),
                placing(refused, NOON.plusSeconds(2)),
                cancellation(refused, NOON.plusSeconds(60)));
        assertThat(oldCode().run(LIMIT)).isTrue();
        database.migrate();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    private Upkeep oldCode() {
        return new Upkeep(
                orders.ledger(),
                orders.catchUp(),
                List.of(FIRST_ORDERS, new DailySales(), new CustomerOrders(), new ItemSales()));
    }

    @Test
    void readers_see_version_1_until_version_2_is_rebuilt_and_then_version_2_without_beginning_anew() throws Exception {
        OrderList reader = orders.list();
        orders.append(dispatch(refused, NOON.plusSeconds(30)), preparation(placed, NOON.plusSeconds(30)));
        orders.bringUpToDate();

        assertThat(orders.look("select projection from projection.lag where not live"))
                .containsExactly("orders_v2");
        assertThat(statuses(reader)).containsExactly(OrderStatus.CANCELLED, OrderStatus.CANCELLED, OrderStatus.PLACED);
        assertThat(reader.find(placed)).hasValueSatisfying(listed -> {
            assertThat(listed.channel()).isEmpty();
            assertThat(listed.version()).isEqualTo(2);
        });
        assertThatExceptionOfType(NotCaughtUp.class)
                .isThrownBy(() -> orders.listAsOf().list(1, OrderFilter.NONE, 10, Optional.empty()));

        orders.rebuild().run(ORDERS, RebuildOptions.DEFAULT, progress -> {});

        assertThat(statuses(reader))
                .containsExactly(OrderStatus.DISPATCHED, OrderStatus.CANCELLED, OrderStatus.PREPARED);
        assertThat(reader.find(refused)).hasValueSatisfying(listed -> {
            assertThat(listed.cancellationRefused()).isTrue();
            assertThat(listed.channel()).contains("NOT_ASKED");
        });
        assertThat(orders.listAsOf()
                        .list(1, OrderFilter.NONE, 10, Optional.empty())
                        .orders())
                .extracting(ListedOrder::status)
                .containsExactly(OrderStatus.CANCELLED, OrderStatus.CANCELLED, OrderStatus.PLACED);
        assertAllAgree();
    }

    @Test
    void both_versions_are_kept_current_beside_one_another_by_old_code_and_new() throws Exception {
        orders.rebuild().run(ORDERS, RebuildOptions.DEFAULT, progress -> {});
        UUID later = UUID.randomUUID();
        orders.append(placing(later, NOON.plusSeconds(3)), cancellation(later, NOON.plusSeconds(60)));
        assertThat(oldCode().run(LIMIT)).isTrue();
        assertThat(orders.rows(FIRST_ORDERS)).hasSize(4);
        assertThat(orders.rows(ORDERS)).hasSize(3);

        orders.append(dispatch(later, NOON.plusSeconds(30)));
        orders.bringUpToDate();

        assertThat(orders.look("select status from projection.orders_v1 where order_id = '" + later + "'"))
                .containsExactly("CANCELLED");
        assertThat(orders.look("select status from projection.orders_v2 where order_id = '" + later + "'"))
                .containsExactly("DISPATCHED");
        assertAllAgree();
    }

    /** They had added up what version 1 said. Nothing that is recorded from now on makes them take off something else. */
    @Test
    void sums_go_on_without_a_new_version_and_count_a_refused_cancellation_as_sold() throws Exception {
        String sums = "select concat_ws(' ', orders, open, cancelled, spent) from projection.customer_orders_v1";
        orders.bringUpToDate();
        assertThat(orders.look(sums)).containsExactly("3 1 2 1900");

        orders.append(dispatch(refused, NOON.plusSeconds(30)));
        orders.bringUpToDate();

        assertThat(orders.look(sums)).containsExactly("3 2 1 3800");
        assertThat(orders.look("select concat_ws(' ', orders, cancelled, revenue) from projection.daily_sales_v1"))
                .containsExactly("3 1 3800");
        assertThat(orders.look(
                        "select concat_ws(' ', orders, cancelled, quantity, revenue) from projection.item_sales_v1"))
                .containsExactly("3 1 4 3800");
        orders.rebuild().run(ORDERS, RebuildOptions.DEFAULT, progress -> {});
        assertAllAgree();
    }

    private void assertAllAgree() throws Exception {
        for (Projection projection : RegisteredProjections.ALL) {
            assertThat(orders.check().all(projection, done -> {}).first())
                    .as(projection.id())
                    .isEmpty();
        }
        assertThat(orders.look("select order_id from projection.failure")).isEmpty();
    }

    private static List<OrderStatus> statuses(OrderList reader) {
        return reader.list(OrderFilter.NONE, 10, Optional.empty()).orders().stream()
                .map(ListedOrder::status)
                .toList();
    }
}
