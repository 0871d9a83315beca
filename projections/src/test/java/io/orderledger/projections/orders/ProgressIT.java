package io.orderledger.projections.orders;

import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.delivery;
import static io.orderledger.projections.OrdersFixture.dispatch;
import static io.orderledger.projections.OrdersFixture.placing;
import static io.orderledger.projections.OrdersFixture.preparation;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.OrdersFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the list says of an order follows from when its events occurred, in whatever order they arrived. */
class ProgressIT {
    private static final Duration RESOLUTION = Duration.ofNanos(1_000);

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

    /** Each letter is an event: placed, (made) ready, sent, delivered, cancelled; it occurred a minute after the one before. */
    @ParameterizedTest
    @CsvSource({
        "p, PLACED, false",
        "pr, PREPARED, false",
        "prs, DISPATCHED, false",
        "prsd, DELIVERED, false",
        "ps, DISPATCHED, false",
        "pd, DELIVERED, false",
        "pds, DELIVERED, false",
        "psr, DISPATCHED, false",
        "rsp, DISPATCHED, false",
        "pc, CANCELLED, false",
        "cp, CANCELLED, false",
        "prc, CANCELLED, false",
        "pcrsd, CANCELLED, false",
        "pcs, CANCELLED, false",
        "psc, DISPATCHED, true",
        "pscc, DISPATCHED, true",
        "pcsc, CANCELLED, false",
        "pscd, DELIVERED, true",
        "prsdc, DELIVERED, true",
        "pdc, DELIVERED, true",
        "pdcs, DELIVERED, true",
        "scp, DISPATCHED, true",
    })
    void what_occurred_first_decides_in_every_order_of_arrival(String occurred, OrderStatus status, boolean isRefused) {
        List<List<Character>> arrivals =
                permutations(occurred.chars().mapToObj(letter -> (char) letter).toList());
        List<UUID> arrived = new ArrayList<>();
        for (List<Character> arrival : arrivals) {
            UUID one = UUID.randomUUID();
            arrived.add(one);
            List<Integer> taken = new ArrayList<>();
            for (char letter : arrival) {
                int minute = occurred.indexOf(letter);
                while (taken.contains(minute)) {
                    minute = occurred.indexOf(letter, minute + 1);
                }
                taken.add(minute);
                orders.append(event(letter, one, NOON.plus(Duration.ofMinutes(minute))));
            }
        }
        orders.bringUpToDate();

        assertThat(arrived)
                .allSatisfy(one -> assertThat(orders.find(one)).hasValueSatisfying(listed -> {
                    assertThat(listed.status()).isEqualTo(status);
                    assertThat(listed.cancellationRefused()).isEqualTo(isRefused);
                    assertThat(listed.placedAt()).isEqualTo(at(occurred, 'p').orElseThrow());
                    assertThat(listed.preparedAt()).isEqualTo(at(occurred, 'r'));
                    assertThat(listed.dispatchedAt()).isEqualTo(at(occurred, 's'));
                    assertThat(listed.deliveredAt()).isEqualTo(at(occurred, 'd'));
                    assertThat(listed.cancelledAt())
                            .isEqualTo(status == OrderStatus.CANCELLED ? at(occurred, 'c') : Optional.empty());
                }));
    }

    @Test
    void at_the_very_same_time_the_cancellation_counts() {
        UUID later = UUID.randomUUID();
        orders.append(placing(order, NOON), dispatch(order, NOON), cancellation(order, NOON));
        orders.append(placing(later, NOON), cancellation(later, NOON.plus(RESOLUTION)), dispatch(later, NOON));
        orders.bringUpToDate();

        assertThat(orders.find(order).map(ListedOrder::status)).contains(OrderStatus.CANCELLED);
        assertThat(orders.find(later).map(ListedOrder::status)).contains(OrderStatus.DISPATCHED);
        assertThat(orders.find(later).map(ListedOrder::cancellationRefused)).contains(true);
    }

    @Test
    void of_several_dispatches_the_earliest_decides() {
        orders.append(
                placing(order, NOON),
                dispatch(order, NOON.plusSeconds(9)),
                cancellation(order, NOON.plusSeconds(5)),
                dispatch(order, NOON.plusSeconds(3)));
        orders.bringUpToDate();

        assertThat(orders.find(order)).hasValueSatisfying(listed -> {
            assertThat(listed.status()).isEqualTo(OrderStatus.DISPATCHED);
            assertThat(listed.dispatchedAt()).contains(NOON.plusSeconds(3));
            assertThat(listed.cancellationRefused()).isTrue();
        });
    }

    @Test
    void an_order_that_was_not_placed_is_not_listed_whatever_is_reported_of_it() {
        orders.append(
                preparation(order, NOON), dispatch(order, NOON), delivery(order, NOON), cancellation(order, NOON));
        orders.bringUpToDate();

        assertThat(orders.find(order)).isEmpty();
        assertThat(orders.check().all(OrdersFixture.ORDERS, done -> {}).isEqual())
                .isTrue();
    }

    /** A list as of a block goes by what was known then: such a cancellation counted, until the earlier dispatch was recorded. */
    @Test
    void a_cancellation_that_is_refused_later_counts_as_of_earlier_blocks() throws Exception {
        orders.append(placing(order, NOON, "then"), cancellation(order, NOON.plusSeconds(5)));
        orders.bringUpToDate();
        long before = Long.parseLong(
                orders.look("select max(height) from ledger.block").getFirst());
        orders.append(dispatch(order, NOON.plusSeconds(3)));
        orders.bringUpToDate();

        OrderFilter cancelled = filter(OrderStatus.CANCELLED);
        assertThat(orders.list().list(cancelled, 10, Optional.empty()).orders()).isEmpty();
        assertThat(orders.list()
                        .list(filter(OrderStatus.DISPATCHED), 10, Optional.empty())
                        .orders())
                .extracting(ListedOrder::orderId)
                .containsExactly(order);
        assertThat(orders.listAsOf()
                        .list(before, cancelled, 10, Optional.empty())
                        .orders())
                .extracting(ListedOrder::orderId)
                .containsExactly(order);
        assertThat(orders.listAsOf()
                        .list(before + 1, cancelled, 10, Optional.empty())
                        .orders())
                .isEmpty();
    }

    private static OrderFilter filter(OrderStatus status) {
        return new OrderFilter(Optional.of(status), Optional.of("then"), Optional.empty(), Optional.empty());
    }

    private static Optional<Instant> at(String occurred, char letter) {
        int minute = occurred.indexOf(letter);
        return minute < 0 ? Optional.empty() : Optional.of(NOON.plus(Duration.ofMinutes(minute)));
    }

    private static NewEvent event(char letter, UUID order, Instant at) {
        return switch (letter) {
            case 'p' -> placing(order, at);
            case 'r' -> preparation(order, at);
            case 's' -> dispatch(order, at);
            case 'd' -> delivery(order, at);
            case 'c' -> cancellation(order, at);
            default -> throw new IllegalArgumentException(String.valueOf(letter));
        };
    }

    private static <T> List<List<T>> permutations(List<T> elements) {
        if (elements.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            List<T> others = new ArrayList<>(elements);
            T first = others.remove(i);
            for (List<T> rest : permutations(others)) {
                List<T> one = new ArrayList<>(List.of(first));
                one.addAll(rest);
                all.add(one);
            }
        }
        return all;
    }
}
