package io.orderledger.projections.orders;

import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.event;
import static io.orderledger.projections.OrdersFixture.json;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.OrdersFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OrdersProjectionIT {
    private static OrdersFixture orders;

    private final UUID order = UUID.randomUUID();

    @BeforeAll
    static void open() {
        orders = new OrdersFixture();
    }

    @AfterAll
    static void close() {
        orders.close();
    }

    @Test
    void lists_an_order_that_was_placed() {
        orders.append(event(
                UUID.randomUUID(),
                order,
                EventTypes.ORDER_PLACED,
                json("{'customer':{'id':'kim'},'currency':'KRW','items':["
                        + "{'sku':'bibimbap','name':'비빔밥','quantity':1000,'unitPrice':100000000},"
                        + "{'sku':'tea','quantity':3,'unitPrice':0}]}"),
                NOON));
        orders.bringUpToDate();

        assertThat(orders.find(order)).hasValueSatisfying(listed -> {
            assertThat(listed.orderId()).isEqualTo(order);
            assertThat(listed.status()).isEqualTo(OrderStatus.PLACED);
            assertThat(listed.customerId()).isEqualTo("kim");
            assertThat(listed.currency()).isEqualTo("KRW");
            assertThat(listed.total()).isEqualTo(100_000_000_000L);
            assertThat(listed.items())
                    .isEqualTo(json("{'items':[{'sku':'bibimbap','name':'비빔밥','quantity':1000,'unitPrice':100000000},"
                                    + "{'sku':'tea','quantity':3,'unitPrice':0}]}")
                            .get("items"));
            assertThat(listed.placedAt()).isEqualTo(NOON);
            assertThat(listed.cancelledAt()).isEmpty();
            assertThat(listed.version()).isEqualTo(1);
        });
    }

    @Test
    void lists_a_cancelled_order_as_cancelled_at_its_earliest_cancellation() {
        orders.append(
                placing(order, NOON),
                cancellation(order, NOON.plusSeconds(9)),
                cancellation(order, NOON.plusSeconds(5)),
                cancellation(order, NOON.plusSeconds(7)));
        orders.bringUpToDate();

        assertThat(orders.find(order)).hasValueSatisfying(listed -> {
            assertThat(listed.status()).isEqualTo(OrderStatus.CANCELLED);
            assertThat(listed.cancelledAt()).hasValue(NOON.plusSeconds(5));
            assertThat(listed.version()).isEqualTo(4);
        });
    }

    @Test
    void lists_an_order_whose_cancellation_came_first_once_it_is_placed() {
        orders.append(cancellation(order, NOON.plusSeconds(5)));
        orders.bringUpToDate();
        assertThat(orders.find(order)).isEmpty();

        orders.append(placing(order, NOON));
        orders.bringUpToDate();

        assertThat(orders.find(order)).hasValueSatisfying(listed -> {
            assertThat(listed.status()).isEqualTo(OrderStatus.CANCELLED);
            assertThat(listed.placedAt()).isEqualTo(NOON);
            assertThat(listed.cancelledAt()).hasValue(NOON.plusSeconds(5));
            assertThat(listed.version()).isEqualTo(2);
        });
    }

    @Test
    void an_order_that_was_placed_more_than_once_counts_as_placed_first() {
        NewEvent first = placing(order, NOON, "first");
        for (NewEvent placing : List.of(
                placing(order, NOON.plusSeconds(1), "second"), first, placing(order, NOON.plusSeconds(2), "third"))) {
            orders.append(placing);
            orders.bringUpToDate();
        }

        assertThat(orders.find(order)).hasValueSatisfying(listed -> {
            assertThat(listed.customerId()).isEqualTo("first");
            assertThat(listed.placedAt()).isEqualTo(NOON);
        });
    }

    @Test
    void the_event_id_decides_between_placings_at_the_same_moment() {
        for (List<String> arrival : List.of(List.of("a", "b"), List.of("b", "a"))) {
            UUID other = UUID.randomUUID();
            long high = UUID.randomUUID().getMostSignificantBits();
            for (String name : arrival) {
                long low = name.equals("a") ? 1 : 2;
                orders.append(event(
                        new UUID(high, low),
                        other,
                        EventTypes.ORDER_PLACED,
                        json("{'customer':{'id':'" + name + "'},'currency':'GBP','items':[]}"),
                        NOON));
            }
            orders.bringUpToDate();

            assertThat(orders.find(other))
                    .hasValueSatisfying(
                            listed -> assertThat(listed.customerId()).isEqualTo("a"));
        }
    }

    @Test
    void an_order_without_items_costs_nothing_and_holds_up_nobody() {
        orders.append(event(
                UUID.randomUUID(),
                order,
                EventTypes.ORDER_PLACED,
                json("{'customer':{'id':'lee'},'currency':'GBP','items':[]}"),
                NOON));
        orders.bringUpToDate();

        assertThat(orders.find(order))
                .hasValueSatisfying(listed -> assertThat(listed.total()).isZero());
    }

    @Test
    void an_order_and_its_cancellation_are_listed_within_two_seconds() {
        Instant begin = Instant.now();

        orders.append(placing(order, NOON), cancellation(order, NOON.plusSeconds(1)));
        orders.bringUpToDate();

        assertThat(orders.find(order)).isPresent();
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }
}
