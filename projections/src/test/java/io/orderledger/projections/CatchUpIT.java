package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.LIMIT;
import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.Deadline;
import io.orderledger.ledger.LedgerFault;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Select;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatchUpIT {
    private OrdersFixture orders;
    private CatchUp catchUp;

    @BeforeEach
    void open() {
        orders = new OrdersFixture();
        catchUp = orders.catchUp();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    @Test
    void has_nothing_to_do_without_blocks() {
        orders.append(placing(UUID.randomUUID(), NOON));

        assertThat(catchUp.step(ORDERS)).isEqualTo(new CatchUpResult.NothingNew());
        assertThat(catchUp.toNewestBlock(ORDERS, Deadline.after(LIMIT))).isTrue();
    }

    @Test
    void a_step_moves_rows_and_checkpoint_together() throws Exception {
        orders.append(placing(UUID.randomUUID(), NOON));
        orders.ledger().seal();

        assertThat(catchUp.step(ORDERS)).isEqualTo(new CatchUpResult.CaughtUp(1));

        assertThat(orders.look("select height from projection.checkpoint where live and projection = 'orders_v2'"))
                .containsExactly("1");
        assertThat(orders.look("select count(*) from projection.orders_v2")).containsExactly("1");
    }

    @Test
    void a_step_that_fails_moves_neither() throws Exception {
        orders.append(placing(UUID.randomUUID(), NOON));
        orders.ledger().seal();
        orders.change("""
                create function refuse() returns trigger language plpgsql as
                $$ begin raise exception 'no' using errcode = '22000'; end $$""", "create trigger refuse before update on projection.checkpoint execute function refuse()");

        assertThatExceptionOfType(LedgerFault.class).isThrownBy(() -> catchUp.step(ORDERS));

        assertThat(orders.look("select height from projection.checkpoint where live and projection = 'orders_v2'"))
                .containsExactly("0");
        assertThat(orders.look("select count(*) from projection.orders_v2")).containsExactly("0");
        assertThat(orders.upkeep().run(LIMIT)).isFalse();
    }

    @Test
    void a_second_worker_does_not_wait() throws Exception {
        orders.append(placing(UUID.randomUUID(), NOON));
        orders.ledger().seal();
        try (Connection other = orders.recorder().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from projection.checkpoint where projection = 'orders_v2' for update");

            assertThat(catchUp.step(ORDERS)).isEqualTo(new CatchUpResult.Busy());
            assertThat(catchUp.toNewestBlock(ORDERS, Deadline.after(LIMIT))).isTrue();

            other.rollback();
        }
        assertThat(catchUp.step(ORDERS)).isEqualTo(new CatchUpResult.CaughtUp(1));
    }

    @Test
    void a_step_is_bounded_but_takes_at_least_one_block() throws Exception {
        fillBlock(Step.MAX_EVENTS + 1);
        fillBlock(1);
        fillBlock(Step.MAX_EVENTS - 1);
        fillBlock(1);

        assertThat(catchUp.step(ORDERS)).isEqualTo(new CatchUpResult.CaughtUp(1));
        assertThat(catchUp.step(ORDERS)).isEqualTo(new CatchUpResult.CaughtUp(3));
        assertThat(catchUp.step(ORDERS)).isEqualTo(new CatchUpResult.CaughtUp(4));
        assertThat(catchUp.step(ORDERS)).isEqualTo(new CatchUpResult.NothingNew());
        assertThat(orders.look("select count(*) from projection.orders_v2"))
                .containsExactly(String.valueOf(2 * Step.MAX_EVENTS + 2));
    }

    private void fillBlock(int events) throws Exception {
        orders.change("""
                select ledger.append(gen_random_uuid(), gen_random_uuid(), 'OrderPlaced', 1::smallint,
                    '{"customer": {"id": "lee"}, "currency": "GBP", "items": []}', null, '{}', now(), null)
                from generate_series(1, %d)""".formatted(events), "select ledger.seal(" + events + ")");
    }

    @Test
    void stops_at_its_deadline_and_says_so() {
        orders.append(placing(UUID.randomUUID(), NOON));
        orders.ledger().seal();

        assertThat(catchUp.toNewestBlock(ORDERS, Deadline.after(Duration.ZERO))).isFalse();
    }

    @Test
    void an_event_that_was_committed_late_touches_its_order_again() throws Exception {
        UUID order = UUID.randomUUID();
        orders.append(placing(order, NOON));
        orders.bringUpToDate();
        try (Connection slow = orders.recorder().getConnection();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("select ledger.append(gen_random_uuid(), '" + order
                    + "', 'OrderCancelled', 1::smallint, '{}', null, '{}', now(), null)");
            orders.append(placing(UUID.randomUUID(), NOON));
            orders.bringUpToDate();
            assertThat(orders.find(order).orElseThrow().version()).isEqualTo(1);
            slow.commit();
        }

        orders.bringUpToDate();

        assertThat(orders.look("select count(*) from ledger.late")).containsExactly("1");
        assertThat(orders.find(order).orElseThrow().version()).isEqualTo(2);
        assertThat(view()).isEqualTo(query());
    }

    @Test
    void a_row_that_the_query_does_not_give_any_more_goes_away() {
        UUID order = UUID.randomUUID();
        UUID untouched = UUID.randomUUID();
        orders.append(placing(order, NOON), placing(untouched, NOON));
        orders.bringUpToDate();
        orders.append(cancellation(order, NOON));
        orders.ledger().seal();

        catchUp.step(new Forgetful());

        assertThat(orders.find(order)).isEmpty();
        assertThat(orders.find(untouched)).isPresent();
    }

    /** A later version of the projection, which would not list any order. */
    private record Forgetful(String name, int version, Field<UUID> orderId) implements OrderProjection {
        Forgetful() {
            this(ORDERS.name(), ORDERS.version(), ORDERS.orderId());
        }

        @Override
        public Select<? extends Record> rows(Scope scope) {
            return ORDERS.rows(new Scope.Everything(0));
        }
    }

    @Test
    void the_view_equals_the_query_over_everything_after_steps_of_any_size() throws Exception {
        Random random = new Random(42);
        List<UUID> known = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            UUID order = random.nextInt(3) == 0 || known.isEmpty()
                    ? UUID.randomUUID()
                    : known.get(random.nextInt(known.size()));
            known.add(order);
            orders.append(
                    random.nextBoolean()
                            ? placing(order, NOON.plusSeconds(random.nextInt(50)), "c" + random.nextInt(9))
                            : cancellation(order, NOON.plusSeconds(random.nextInt(50))));
            if (random.nextInt(3) == 0) {
                orders.ledger().seal();
            }
            if (random.nextInt(10) == 0) {
                catchUp.step(ORDERS);
                assertThat(view()).isEqualTo(query());
            }
        }
        orders.bringUpToDate();

        assertThat(view()).isNotEmpty().isEqualTo(query());
    }

    @Test
    void the_query_gives_the_same_for_some_orders_as_for_all() {
        List<UUID> some = List.of(UUID.randomUUID(), UUID.randomUUID());
        for (UUID order : some) {
            orders.append(cancellation(order, NOON), placing(order, NOON));
        }
        orders.append(placing(UUID.randomUUID(), NOON));
        orders.ledger().seal();

        Database reader = new Database(orders.recorder());
        Result<?> ofSome = reader.statement(sql -> sql.fetch(ORDERS.rows(new Scope.Orders(some, 1))));
        Result<?> ofAll = reader.statement(sql -> sql.fetch(ORDERS.rows(new Scope.Everything(1))));

        assertThat(ofSome).hasSize(2);
        assertThat(ofAll).hasSize(3);
        assertThat(ofAll.intoSet(record -> record.intoList())).containsAll(ofSome.intoSet(record -> record.intoList()));
    }

    @Test
    void an_order_is_looked_up_however_long_the_ledger_is() throws Exception {
        fillBlock(5_000);
        UUID order = UUID.randomUUID();
        orders.append(placing(order, NOON));
        orders.bringUpToDate();
        orders.change("vacuum analyze ledger.event");

        Database reader = new Database(orders.recorder());
        String sql =
                reader.statement(context -> context.renderInlined(ORDERS.rows(new Scope.Orders(List.of(order), 2))));
        String plan = String.join("\n", orders.look("explain " + sql));

        assertThat(plan).contains("event_stream_version_key").doesNotContain("event_pk", "Seq Scan on event");
    }

    @Test
    void a_projection_whose_migration_is_missing_is_a_bug() {
        OrderProjection unknown = new Renamed("commands", 1, ORDERS.orderId());

        assertThatIllegalStateException()
                .isThrownBy(() -> catchUp.step(unknown))
                .withMessageContaining("commands_v1");
    }

    private record Renamed(String name, int version, Field<UUID> orderId) implements OrderProjection {
        @Override
        public Select<? extends Record> rows(Scope scope) {
            return ORDERS.rows(scope);
        }
    }

    private List<String> view() throws Exception {
        return orders.look("select o::text from projection.orders_v2 o order by order_id");
    }

    /** What the projection's query says of everything, at the height of the checkpoint. */
    private List<String> query() throws Exception {
        long height = Long.parseLong(
                orders.look("select height from projection.checkpoint where live and projection = 'orders_v2'")
                        .getFirst());
        Database reader = new Database(orders.recorder());
        String sql = reader.statement(context -> context.renderInlined(ORDERS.rows(new Scope.Everything(height))));
        return orders.look("select o::text from (" + sql + ") o order by order_id");
    }

    @Test
    void two_workers_at_once_leave_what_one_would() throws Exception {
        int count = 150;
        AtomicBoolean complete = new AtomicBoolean();
        Callable<Integer> worker = () -> {
            int steps = 0;
            while (true) {
                boolean last = complete.get();
                CatchUpResult result = catchUp.step(ORDERS);
                if (result instanceof CatchUpResult.CaughtUp) {
                    steps++;
                } else if (last && result instanceof CatchUpResult.NothingNew) {
                    return steps;
                }
            }
        };
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            Future<Integer> one = executor.submit(worker);
            Future<Integer> other = executor.submit(worker);
            for (int i = 0; i < count; i++) {
                orders.append(placing(UUID.randomUUID(), NOON));
                orders.ledger().seal();
            }
            complete.set(true);

            assertThat(one.get(LIMIT.toSeconds(), TimeUnit.SECONDS) + other.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isBetween(1, count);
        }
        assertThat(view()).hasSize(count).isEqualTo(query());
    }
}
