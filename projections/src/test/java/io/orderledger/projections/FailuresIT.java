package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.event;
import static io.orderledger.projections.OrdersFixture.json;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.registered.RegisteredProjections;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders that a query cannot read: left out, told, tried again; never in the way of the others. */
class FailuresIT {
    private OrdersFixture orders;

    @BeforeEach
    void open() {
        orders = new OrdersFixture();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    private static NewEvent unreadable(UUID order, Instant occurredAt) {
        return event(
                UUID.randomUUID(),
                order,
                EventTypes.ORDER_PLACED,
                json("{'customer':{'id':'secret'},'currency':'GBP','items':[{'quantity':'secret','unitPrice':1}]}"),
                occurredAt);
    }

    @Test
    void an_unreadable_order_is_left_out_and_recorded_and_the_others_go_on() throws Exception {
        List<UUID> bad = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            UUID order = UUID.randomUUID();
            if (i % 17 == 0) {
                bad.add(order);
                orders.append(unreadable(order, NOON));
            } else {
                orders.append(placing(order, NOON));
            }
        }
        orders.bringUpToDate();

        for (Projection projection : RegisteredProjections.ALL) {
            assertThat(failed(projection)).containsExactlyInAnyOrderElementsOf(texts(bad));
            assertThat(orders.check().all(projection, done -> {}).isEqual()).isTrue();
        }
        assertThat(orders.look("select count(*) from projection.orders_v2")).containsExactly("94");
        assertThat(orders.look("select orders from projection.daily_sales_v1")).containsExactly("94");
        assertThat(orders.look("select distinct reason from projection.failure"))
                .containsExactly("SQLSTATE 22P02");
        assertThat(ProjectionLag.read(orders.recorder()))
                .allSatisfy(lag -> assertThat(lag.failedOrders()).isEqualTo(6))
                .allSatisfy(lag -> assertThat(lag.eventsBehind()).isZero());
    }

    @Test
    void a_value_that_no_index_takes_is_a_failure_of_its_order_alone() throws Exception {
        UUID order = UUID.randomUUID();
        String random = new java.util.Random(1)
                .ints(9_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        orders.append(placing(order, NOON, random), placing(UUID.randomUUID(), NOON));

        orders.bringUpToDate();

        assertThat(failed(ORDERS)).containsExactly(order.toString());
        assertThat(orders.look("select count(*) from projection.orders_v2")).containsExactly("1");
    }

    @Test
    void an_order_that_becomes_unreadable_leaves_the_view_and_comes_back_with_an_event_that_makes_it_readable()
            throws Exception {
        UUID order = UUID.randomUUID();
        orders.append(placing(order, NOON), placing(UUID.randomUUID(), NOON));
        orders.bringUpToDate();
        orders.append(unreadable(order, NOON.minusSeconds(1)));
        orders.bringUpToDate();

        assertThat(orders.find(order)).isEmpty();
        assertThat(orders.look("select orders from projection.daily_sales_v1")).containsExactly("1");
        assertThat(orders.look("select since_height from projection.failure")).containsOnly("2");
        assertThat(orders.listAsOf().find(1, order)).isPresent();
        assertThat(orders.listAsOf().find(2, order)).isEmpty();

        orders.append(placing(order, NOON.minusSeconds(2)));
        orders.bringUpToDate();

        assertThat(orders.find(order)).isPresent();
        assertThat(orders.look("select orders from projection.daily_sales_v1")).containsExactly("2");
        assertThat(orders.look("select until_height from projection.failure")).containsOnly("3");
        assertThat(orders.listAsOf().find(2, order)).isEmpty();
        assertThat(orders.listAsOf().find(3, order)).isPresent();
    }

    @Test
    void what_can_be_read_after_a_correction_comes_back_when_it_is_retried() throws Exception {
        UUID order = UUID.randomUUID();
        orders.append(placing(order, NOON, "lee"), placing(UUID.randomUUID(), NOON, "kim"));
        orders.ledger().seal();
        OrderProjection strict = new Refusing("lee");
        orders.catchUp().step(strict);
        assertThat(failed(ORDERS)).containsExactly(order.toString());

        assertThat(orders.catchUp().retryFailed(strict)).isZero();
        assertThat(orders.catchUp().retryFailed(ORDERS)).isEqualTo(1);

        assertThat(orders.find(order)).isPresent();
        assertThat(failed(ORDERS)).isEmpty();
    }

    /** A version of the code that cannot read the orders of one customer. */
    private record Refusing(String name, int version, Field<UUID> orderId, String customerId)
            implements OrderProjection {
        Refusing(String customerId) {
            this(ORDERS.name(), ORDERS.version(), ORDERS.orderId(), customerId);
        }

        @Override
        public Select<? extends Record> rows(Scope scope) {
            var rows = ORDERS.rows(scope).asTable("rows");
            Field<Integer> divisor = DSL.when(
                            DSL.field(DSL.name("rows", "customer_id"), String.class)
                                    .eq(customerId),
                            0)
                    .otherwise(1);
            return DSL.select(rows.fields())
                    .from(rows)
                    .where(DSL.inline(1).div(divisor).eq(1));
        }
    }

    @Test
    void a_rebuild_stops_with_the_list_and_goes_on_when_told_to_skip_or_when_corrected() throws Exception {
        UUID straddling = UUID.randomUUID();
        orders.append(placing(straddling, NOON, "lee"));
        for (int i = 0; i < 20; i++) {
            orders.append(placing(UUID.randomUUID(), NOON, i == 5 ? "lee" : "kim"));
        }
        orders.append(placing(straddling, NOON.plusSeconds(1), "kim"));
        orders.bringUpToDate();
        List<String> before = orders.rows(ORDERS);
        RebuildOptions options = RebuildOptions.DEFAULT.withChunkPositions(6);
        OrderProjection strict = new Refusing("lee");

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(RebuildStopped.class)
                    .isThrownBy(() -> orders.rebuild().run(strict, options, progress -> {}))
                    .satisfies(stopped -> {
                        assertThat(stopped.count()).isEqualTo(2);
                        assertThat(stopped.first()).extracting(Failure::reason).containsOnly("SQLSTATE 22012");
                    });
            assertThat(orders.rows(ORDERS)).isEqualTo(before);
        }
        assertThat(orders.rebuild()
                        .run(strict, options.withSkipFailed(true), progress -> {})
                        .failed())
                .isEqualTo(2);
        assertThat(orders.rows(ORDERS)).hasSize(before.size() - 2);
        assertThat(failed(ORDERS)).hasSize(2);

        assertThat(orders.rebuild().run(ORDERS, options, progress -> {}).failed())
                .isZero();
        assertThat(orders.rows(ORDERS)).isEqualTo(before);
        assertThat(orders.look("select count(*) from projection.failure")).containsExactly("0");
    }

    private List<String> failed(Projection projection) throws SQLException {
        return orders.look("select order_id from projection.failure where until_height is null and projection = '"
                + projection.id() + "'");
    }

    private static List<String> texts(List<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }
}
