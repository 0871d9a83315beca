package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.LIMIT;
import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.ledger.Deadline;
import java.util.List;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A further version of a projection is built beside the one before, and both are kept current, each by the code that knows it. */
class VersionsIT {
    /** What the migration of a new version does, and all that it does. */
    private static final String[] MIGRATION = {
        "set role ledger_owner",
        """
        create table projection.orders_v3_a (
            order_id uuid not null,
            customer_id text not null,
            open boolean not null,
            constraint orders_v3_a_pk primary key (order_id))""",
        "create index orders_v3_a_by_customer on projection.orders_v3_a (customer_id, order_id)",
        "create view projection.orders_v3 as select order_id, customer_id, open from projection.orders_v3_a",
        "select projection.register('orders_v3')",
        "reset role"
    };

    private static final Projection NEXT = new NextVersion();

    /** Other columns than the newest version has. */
    private record NextVersion() implements OrderProjection {
        @Override
        public String name() {
            return "orders";
        }

        @Override
        public int version() {
            return 3;
        }

        @Override
        public Field<UUID> orderId() {
            return ORDERS.orderId();
        }

        @Override
        public Select<? extends Record> rows(Scope scope) {
            var last = ORDERS.rows(scope).asTable("last_version");
            return DSL.select(
                            last.field(orderId()),
                            DSL.field(DSL.name("customer_id"), String.class),
                            DSL.field(DSL.field(DSL.name("cancelled_at")).isNull())
                                    .as("open"))
                    .from(last);
        }
    }

    private OrdersFixture orders;

    @BeforeEach
    void open() {
        orders = new OrdersFixture();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    private Upkeep oldCode() {
        return new Upkeep(orders.ledger(), orders.catchUp(), List.of(ORDERS));
    }

    private Upkeep newCode() {
        return new Upkeep(orders.ledger(), orders.catchUp(), List.of(ORDERS, NEXT));
    }

    @Test
    void a_new_version_is_built_beside_the_old_one_and_both_are_kept_current() throws Exception {
        UUID order = UUID.randomUUID();
        orders.append(placing(order, NOON), placing(UUID.randomUUID(), NOON));
        assertThat(oldCode().run(LIMIT)).isTrue();
        orders.change(MIGRATION);

        // Old and new code run side by side; the new version is not there for readers yet.
        orders.append(placing(UUID.randomUUID(), NOON));
        assertThat(newCode().run(LIMIT)).isTrue();
        assertThat(orders.catchUp().step(NEXT)).isEqualTo(new CatchUpResult.NotBuilt());
        assertThat(orders.rows(ORDERS)).hasSize(3);
        assertThat(orders.look("select live from projection.lag where projection = 'orders_v3'"))
                .containsExactly("f");

        orders.rebuild().run(NEXT, RebuildOptions.DEFAULT, progress -> {});

        assertThat(orders.rows(NEXT)).hasSize(3);
        orders.append(cancellation(order, NOON));
        assertThat(newCode().run(LIMIT)).isTrue();
        assertThat(orders.look("select status from projection.orders_v2 where order_id = '" + order + "'"))
                .containsExactly("CANCELLED");
        assertThat(orders.look("select open from projection.orders_v3 where order_id = '" + order + "'"))
                .containsExactly("f");

        // What old code leaves behind, new code catches up.
        orders.append(placing(UUID.randomUUID(), NOON));
        assertThat(oldCode().run(LIMIT)).isTrue();
        assertThat(orders.rows(ORDERS)).hasSize(4);
        assertThat(orders.rows(NEXT)).hasSize(3);
        assertThat(orders.catchUp().toNewestBlock(NEXT, Deadline.after(LIMIT))).isTrue();
        assertThat(orders.rows(NEXT)).hasSize(4);
        assertThat(orders.check().all(NEXT, done -> {}).isEqual()).isTrue();
    }

    @Test
    void a_new_version_of_an_empty_ledger_needs_no_rebuild() throws Exception {
        orders.change(MIGRATION);
        orders.append(placing(UUID.randomUUID(), NOON));

        assertThat(newCode().run(LIMIT)).isTrue();

        assertThat(orders.rows(NEXT)).hasSize(1);
        for (int i = 0; i < 2; i++) {
            orders.rebuild().run(NEXT, RebuildOptions.DEFAULT, progress -> {});
            assertThat(orders.rows(NEXT)).hasSize(1);
        }
        assertThat(orders.look("select indexdef from pg_indexes where tablename = 'orders_v3_b' order by indexname"))
                .containsExactly(
                        "CREATE INDEX orders_v3_b_by_customer ON projection.orders_v3_b USING btree (customer_id, order_id)",
                        "CREATE UNIQUE INDEX orders_v3_b_pk ON projection.orders_v3_b USING btree (order_id)");
    }
}
