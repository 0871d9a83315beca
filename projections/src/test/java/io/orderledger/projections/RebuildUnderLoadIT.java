package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.LIMIT;
import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.ledger.LedgerFault;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.projections.orders.OrderFilter;
import io.orderledger.projections.registered.RegisteredProjections;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RebuildUnderLoadIT {
    private static final RebuildOptions OPTIONS = new RebuildOptions(2, 40, false, false);
    private static final int ORDERS_AT_FIRST = 200;

    private OrdersFixture orders;

    @BeforeEach
    void open() {
        orders = new OrdersFixture();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    private List<UUID> place(int count) {
        List<UUID> placed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UUID order = UUID.randomUUID();
            orders.append(placing(order, NOON.plusSeconds(i), "c" + i % 5));
            placed.add(order);
            if (i % 3 == 0) {
                orders.append(cancellation(placed.get(i / 2), NOON.plusSeconds(i)));
            }
        }
        return placed;
    }

    @Test
    void readers_and_appends_go_on_and_no_reader_sees_less_than_before() throws Exception {
        place(ORDERS_AT_FIRST);
        orders.bringUpToDate();
        AtomicBoolean ended = new AtomicBoolean();
        try (ExecutorService executor = Executors.newCachedThreadPool()) {
            Future<Integer> appender = executor.submit(until(ended, () -> {
                place(1);
                assertThat(orders.upkeep().run(LIMIT)).isTrue();
            }));
            List<Future<Integer>> readers = List.of(
                    executor.submit(until(ended, new GrowingCount())),
                    executor.submit(until(ended, new GrowingCount())));
            try {
                for (int i = 0; i < 3; i++) {
                    for (Projection projection : RegisteredProjections.ALL) {
                        orders.rebuild().run(projection, OPTIONS, progress -> {});
                    }
                }
            } finally {
                ended.set(true);
            }
            assertThat(appender.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isPositive();
            for (Future<Integer> reader : readers) {
                assertThat(reader.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isPositive();
            }
        }
        orders.bringUpToDate();
        for (Projection projection : RegisteredProjections.ALL) {
            assertThat(orders.check().all(projection, done -> {}).first()).isEmpty();
        }
    }

    private final class GrowingCount implements Runnable {
        private int before = ORDERS_AT_FIRST;

        @Override
        public void run() {
            try {
                int count = Integer.parseInt(
                        orders.look("select count(*) from projection.orders_v2").getFirst());
                int sum = Integer.parseInt(orders.look("select sum(orders) from projection.daily_sales_v1")
                        .getFirst());
                assertThat(count).isGreaterThanOrEqualTo(before);
                assertThat(sum).isGreaterThanOrEqualTo(ORDERS_AT_FIRST);
                assertThat(orders.list()
                                .list(OrderFilter.NONE, 50, Optional.empty())
                                .orders())
                        .hasSize(50);
                before = count;
            } catch (java.sql.SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Callable<Integer> until(AtomicBoolean ended, Runnable work) {
        return () -> {
            int rounds = 0;
            while (!ended.get()) {
                work.run();
                rounds++;
            }
            return rounds;
        };
    }

    @Test
    void a_rebuild_whose_sessions_are_ended_at_random_moments_goes_on_and_ends_equal() throws Exception {
        place(ORDERS_AT_FIRST);
        orders.bringUpToDate();
        Random random = new Random(7);
        for (Projection projection : RegisteredProjections.ALL) {
            List<String> before = orders.rows(projection);
            AtomicBoolean ended = new AtomicBoolean();
            int kills = 0;
            try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
                Future<Integer> killer = executor.submit(until(ended, () -> endSessions(random)));
                int attempts = 0;
                while (attempts < 10) {
                    attempts++;
                    try {
                        orders.rebuild().run(projection, OPTIONS.withRestart(attempts == 1), progress -> {});
                    } catch (LedgerUnavailable | LedgerFault e) {
                        kills++;
                    }
                }
                ended.set(true);
                assertThat(killer.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isPositive();
            }
            assertThat(kills)
                    .as("rebuilds of %s that were killed", projection.id())
                    .isPositive();
            orders.rebuild().run(projection, OPTIONS, progress -> {});
            assertThat(orders.rows(projection)).isEqualTo(before);
            assertThat(orders.check().all(projection, done -> {}).first()).isEmpty();
        }
    }

    /** As if the process had been killed: whatever the projector's sessions are doing. */
    private void endSessions(Random random) {
        try {
            orders.look("select pg_sleep(" + random.nextInt(60) / 1_000.0 + ")");
            orders.look("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where usename = 'ledger_projector' and datname = current_database()");
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_second_rebuild_is_told_who_holds_the_first() throws Exception {
        place(10);
        orders.bringUpToDate();
        List<RebuildHeld> told = new ArrayList<>();

        orders.rebuild().run(ORDERS, OPTIONS, progress -> {
            try {
                orders.rebuild().run(ORDERS, OPTIONS, ignored -> {});
            } catch (RebuildHeld e) {
                told.add(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(told).isNotEmpty().allSatisfy(held -> {
            assertThat(held.holder())
                    .contains("process " + ProcessHandle.current().pid());
            assertThat(held.since()).isPresent();
        });
        assertThat(orders.rebuild().run(ORDERS, OPTIONS, progress -> {}).projection())
                .isEqualTo("orders_v2");
    }

    @Test
    void no_checkpoint_of_a_live_table_goes_back() throws Exception {
        place(1);
        orders.bringUpToDate();

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> orders.change("update projection.checkpoint set height = 0 where live"))
                .hasMessageContaining("does not go back");
    }
}
