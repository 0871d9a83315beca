package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sums that keep a least and a greatest value, also when an order takes the extreme value away again. */
class ExtremesIT {
    private static final String[] MIGRATION = {
        "set role ledger_owner",
        """
        create table projection.customers_v1_a (
            customer_id text not null,
            orders bigint not null,
            spent bigint not null,
            first timestamptz not null,
            last timestamptz not null,
            constraint customers_v1_a_pk primary key (customer_id))""",
        "create view projection.customers_v1 as select customer_id, orders, spent, first, last from projection.customers_v1_a",
        "select projection.register('customers_v1')",
        "reset role"
    };

    private static final Projection CUSTOMERS = new Customers();

    private record Customers() implements SummedProjection {
        private static final Field<String> CUSTOMER_ID = DSL.field(DSL.name("customer_id"), String.class);
        private static final Field<Long> SPENT = DSL.field(DSL.name("spent"), Long.class);
        private static final Field<Instant> FIRST = DSL.field(DSL.name("first"), Instant.class);
        private static final Field<Instant> LAST = DSL.field(DSL.name("last"), Instant.class);

        @Override
        public String name() {
            return "customers";
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public List<Field<?>> groupedBy() {
            return List.of(CUSTOMER_ID);
        }

        @Override
        public Field<Long> count() {
            return DSL.field(DSL.name("orders"), Long.class);
        }

        @Override
        public List<Field<Long>> sums() {
            return List.of(SPENT);
        }

        @Override
        public List<Field<?>> least() {
            return List.of(FIRST);
        }

        @Override
        public List<Field<?>> greatest() {
            return List.of(LAST);
        }

        @Override
        public Select<? extends Record> contributions(Scope scope) {
            Field<Instant> placedAt = DSL.field(DSL.name("placed_at"), Instant.class);
            return DSL.select(
                            CUSTOMER_ID,
                            DSL.field(DSL.name("total"), Long.class).as(SPENT),
                            placedAt.as(FIRST),
                            placedAt.as(LAST))
                    .from(ORDERS.rows(scope).asTable("orders"));
        }
    }

    private OrdersFixture orders;

    @BeforeEach
    void open() throws Exception {
        orders = new OrdersFixture();
        orders.change(MIGRATION);
    }

    @AfterEach
    void close() {
        orders.close();
    }

    private void catchUp() {
        orders.ledger().seal();
        while (orders.catchUp().step(CUSTOMERS) instanceof CatchUpResult.CaughtUp) {
            assertThat(orders.check().all(CUSTOMERS, done -> {}).first()).isEmpty();
        }
    }

    @Test
    void an_extreme_value_that_is_taken_away_gives_way_to_the_next() throws Exception {
        UUID order = UUID.randomUUID();
        orders.append(
                placing(UUID.randomUUID(), NOON, "kim"),
                placing(UUID.randomUUID(), NOON.plusSeconds(2), "kim"),
                placing(order, NOON.plusSeconds(9), "kim"));
        catchUp();
        assertThat(times("kim")).containsExactly("00:00:09");

        // It turns out that the order was placed before, and by somebody else.
        orders.append(placing(order, NOON.plusSeconds(1), "lee"));
        catchUp();

        assertThat(times("kim")).containsExactly("00:00:02");
        assertThat(times("lee")).containsExactly("00:00:00");
    }

    private List<String> times(String customer) throws Exception {
        return orders.look("select last - first from projection.customers_v1 where customer_id = '" + customer + "'");
    }

    @Test
    void random_histories_leave_what_the_query_says() throws Exception {
        Random random = new Random(5);
        List<UUID> known = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            UUID order = known.isEmpty() || random.nextInt(3) == 0
                    ? UUID.randomUUID()
                    : known.get(random.nextInt(known.size()));
            known.add(order);
            Instant time = NOON.plusSeconds(random.nextInt(1_000));
            orders.append(
                    random.nextInt(5) == 0 ? cancellation(order, time) : placing(order, time, "c" + random.nextInt(6)));
            if (random.nextInt(4) == 0) {
                catchUp();
            }
        }
        catchUp();
        List<String> before = orders.rows(CUSTOMERS);
        orders.rebuild().run(CUSTOMERS, RebuildOptions.DEFAULT.withChunkPositions(11), progress -> {});
        assertThat(orders.rows(CUSTOMERS)).isNotEmpty().isEqualTo(before);
    }
}
