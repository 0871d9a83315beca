package io.orderledger.projections.orders;

import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orderledger.projections.OrdersFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderListIT {
    private static final Comparator<ListedOrder> NEWEST_FIRST = Comparator.comparing(ListedOrder::placedAt)
            .thenComparing(order -> order.orderId().toString())
            .reversed();

    private OrdersFixture orders;

    @BeforeEach
    void open() {
        orders = new OrdersFixture();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    @Test
    void knows_no_order_at_first() {
        assertThat(orders.list().list(OrderFilter.NONE, 50, Optional.empty()))
                .isEqualTo(new OrderPage(List.of(), Optional.empty()));
        assertThat(orders.find(UUID.randomUUID())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 23, 24, 200})
    void pages_meet_every_order_once_and_newest_first(int limit) {
        placeAtFewMoments(23);

        List<ListedOrder> met = walk(OrderFilter.NONE, limit, _ -> {});

        assertThat(met).hasSize(23).doesNotHaveDuplicates().isSortedAccordingTo(NEWEST_FIRST);
    }

    @Test
    void pages_meet_what_was_listed_at_the_beginning_while_other_orders_arrive() {
        List<UUID> listed = placeAtFewMoments(20);

        List<ListedOrder> met = walk(OrderFilter.NONE, 3, page -> {
            // newer than all, older than all, and among them
            orders.append(
                    placing(UUID.randomUUID(), NOON.plusSeconds(100 + page)),
                    placing(UUID.randomUUID(), NOON.minusSeconds(100 + page)),
                    placing(UUID.randomUUID(), NOON.plusSeconds(page % 4)),
                    cancellation(listed.get(page), NOON.plusSeconds(200)));
            orders.bringUpToDate();
        });

        assertThat(met).doesNotHaveDuplicates().isSortedAccordingTo(NEWEST_FIRST);
        assertThat(met).extracting(ListedOrder::orderId).containsAll(listed);
    }

    @Test
    void filters_by_status_customer_and_time_and_by_all_of_them() {
        UUID lee = place("lee", NOON);
        UUID leeLater = place("lee", NOON.plusSeconds(60));
        UUID kim = place("kim", NOON.plusSeconds(60));
        orders.append(cancellation(leeLater, NOON.plusSeconds(90)));
        orders.bringUpToDate();

        assertThat(found(filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())))
                .containsExactlyInAnyOrder(lee, leeLater, kim);
        assertThat(found(filter(
                        Optional.of(OrderStatus.CANCELLED), Optional.empty(), Optional.empty(), Optional.empty())))
                .containsExactly(leeLater);
        assertThat(found(filter(Optional.of(OrderStatus.PLACED), Optional.empty(), Optional.empty(), Optional.empty())))
                .containsExactly(kim, lee);
        assertThat(found(filter(Optional.empty(), Optional.of("lee"), Optional.empty(), Optional.empty())))
                .containsExactly(leeLater, lee);
        assertThat(found(filter(Optional.empty(), Optional.of("l%"), Optional.empty(), Optional.empty())))
                .isEmpty();
        assertThat(found(filter(
                        Optional.empty(), Optional.empty(), Optional.of(NOON.plusSeconds(60)), Optional.empty())))
                .containsExactlyInAnyOrder(leeLater, kim);
        assertThat(found(filter(
                        Optional.empty(), Optional.empty(), Optional.of(NOON), Optional.of(NOON.plusSeconds(60)))))
                .containsExactly(lee);
        assertThat(found(filter(
                        Optional.of(OrderStatus.CANCELLED),
                        Optional.of("lee"),
                        Optional.of(NOON.plusSeconds(60)),
                        Optional.of(NOON.plusSeconds(61)))))
                .containsExactly(leeLater);
        assertThat(found(filter(
                        Optional.of(OrderStatus.CANCELLED), Optional.of("kim"), Optional.empty(), Optional.empty())))
                .isEmpty();
    }

    @Test
    void a_filter_holds_on_every_page() {
        placeAtFewMoments(10);
        for (int i = 0; i < 5; i++) {
            place("kim", NOON.plusSeconds(i % 2));
        }
        orders.bringUpToDate();

        OrderFilter kim = filter(Optional.empty(), Optional.of("kim"), Optional.empty(), Optional.empty());
        assertThat(walk(kim, 2, _ -> {}))
                .hasSize(5)
                .doesNotHaveDuplicates()
                .allSatisfy(order -> assertThat(order.customerId()).isEqualTo("kim"));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 201, Integer.MAX_VALUE})
    void refuses_pages_that_are_too_small_or_too_large(int limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.list().list(OrderFilter.NONE, limit, Optional.empty()));
    }

    /** Many orders share a moment, so that their IDs have to decide. */
    private List<UUID> placeAtFewMoments(int count) {
        List<UUID> placed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            placed.add(place("lee", NOON.plusSeconds(i % 4)));
        }
        orders.bringUpToDate();
        return placed;
    }

    private UUID place(String customerId, Instant placedAt) {
        UUID order = UUID.randomUUID();
        orders.append(placing(order, placedAt, customerId));
        return order;
    }

    private List<ListedOrder> walk(OrderFilter filter, int limit, IntConsumer afterEachPage) {
        List<ListedOrder> met = new ArrayList<>();
        Optional<OrderCursor> cursor = Optional.empty();
        int page = 0;
        do {
            OrderPage next = orders.list().list(filter, limit, cursor);
            met.addAll(next.orders());
            assertThat(next.orders()).hasSizeLessThanOrEqualTo(limit);
            cursor = next.next().map(OrderCursor::toText).map(OrderCursor::parse);
            afterEachPage.accept(page++);
        } while (cursor.isPresent());
        return met;
    }

    private List<UUID> found(OrderFilter filter) {
        return orders.list().list(filter, 50, Optional.empty()).orders().stream()
                .map(ListedOrder::orderId)
                .toList();
    }

    private static OrderFilter filter(
            Optional<OrderStatus> status,
            Optional<String> customerId,
            Optional<Instant> placedFrom,
            Optional<Instant> placedBefore) {
        return new OrderFilter(status, customerId, placedFrom, placedBefore);
    }
}
