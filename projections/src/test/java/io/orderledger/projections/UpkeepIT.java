package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.LIMIT;
import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.ledger.Deadline;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class UpkeepIT {
    private static final int CLIENTS = 4;
    private static final int ROUNDS = 80;

    /** In each round the clients race from their appends to the locks, and nobody comes afterwards to pick up what is left. */
    @Test
    void what_was_appended_is_listed_without_any_schedule() throws Exception {
        try (OrdersFixture orders = new OrdersFixture();
                ExecutorService executor = Executors.newFixedThreadPool(CLIENTS)) {
            CyclicBarrier begin = new CyclicBarrier(CLIENTS);
            CyclicBarrier end = new CyclicBarrier(CLIENTS);
            List<Future<List<UUID>>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(executor.submit(() -> appendAndLook(orders, begin, end)));
            }
            for (Future<List<UUID>> client : clients) {
                assertThat(client.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .as("orders that were not listed at the end of their round")
                        .isEmpty();
            }
        }
    }

    private static List<UUID> appendAndLook(OrdersFixture orders, CyclicBarrier begin, CyclicBarrier end)
            throws Exception {
        List<UUID> notListed = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            UUID order = UUID.randomUUID();
            begin.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
            orders.ledger().append(placing(order, NOON), new ExpectedVersion.Any());
            assertThat(orders.upkeep().run(LIMIT)).isTrue();
            end.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (orders.find(order).isEmpty()) {
                notListed.add(order);
            }
        }
        return notListed;
    }

    /**
     * The narrow case, made wide: the worker has looked and found no new block, but its transaction is not over, when somebody else
     * seals one, finds the checkpoint taken and goes away.
     */
    @Test
    void a_worker_looks_again_after_it_released_the_checkpoint() throws Exception {
        try (OrdersFixture orders = new OrdersFixture();
                Connection working = orders.recorder().getConnection()) {
            UUID order = UUID.randomUUID();
            AtomicInteger commits = new AtomicInteger();
            CatchUp worker = new CatchUp(actingBeforeCommit(working, () -> {
                if (commits.getAndIncrement() == 0) {
                    orders.append(placing(order, NOON));
                    assertThat(orders.upkeep().run(LIMIT)).isTrue();
                    assertThat(orders.find(order)).isEmpty();
                }
            }));

            assertThat(worker.toNewestBlock(ORDERS, Deadline.after(LIMIT))).isTrue();

            assertThat(commits).hasValueGreaterThan(1);
            assertThat(orders.find(order)).isPresent();
        }
    }

    private static DataSource actingBeforeCommit(Connection connection, Runnable action) {
        Connection acting = proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close")) {
                return null;
            }
            if (method.getName().equals("commit")) {
                action.run();
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
        return proxy(DataSource.class, (proxy, method, arguments) -> acting);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void never_fails_its_caller() {
        PGSimpleDataSource nobody = new PGSimpleDataSource();
        nobody.setServerNames(new String[] {"127.0.0.1"});
        nobody.setPortNumbers(new int[] {1});

        Upkeep upkeep = new Upkeep(new Ledger(nobody), new CatchUp(nobody), List.of(ORDERS));

        assertThat(upkeep.run(LIMIT)).isFalse();
    }

    @Test
    void catches_up_also_where_sealing_is_not_possible() throws Exception {
        try (OrdersFixture orders = new OrdersFixture()) {
            UUID order = UUID.randomUUID();
            orders.append(placing(order, NOON));
            orders.ledger().seal();
            orders.change("drop function ledger.seal");

            assertThat(orders.upkeep().run(LIMIT)).isFalse();

            assertThat(orders.find(order)).isPresent();
        }
    }

    @Test
    void says_when_it_ran_out_of_time_and_goes_on_later() {
        try (OrdersFixture orders = new OrdersFixture()) {
            UUID order = UUID.randomUUID();
            orders.append(placing(order, NOON));

            assertThat(orders.upkeep().run(Duration.ZERO)).isFalse();
            assertThat(orders.upkeep().run(LIMIT)).isTrue();

            assertThat(orders.find(order)).isPresent();
        }
    }
}
