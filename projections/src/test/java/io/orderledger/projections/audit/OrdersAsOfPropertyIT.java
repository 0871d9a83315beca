package io.orderledger.projections.audit;

import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.event;
import static io.orderledger.projections.OrdersFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.Database;
import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.OrdersFixture;
import io.orderledger.projections.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** The auditor's list as of a block, written in SQL, is the list that the projection's query gives, at every height. */
class OrdersAsOfPropertyIT {
    private static final int TRIES = 20;
    private static final int ORDER_COUNT = 5;

    private static final AtomicInteger COMPARED_ROWS = new AtomicInteger();

    @AfterContainer
    static void compared_something() {
        assertThat(COMPARED_ROWS).hasPositiveValue();
    }

    /**
     * What is done next to the ledger.
     *
     * @param order index among the orders of the try
     * @param items what is in the order
     */
    record Step(Kind kind, int order, int second, String items) {}

    enum Kind {
        PLACE,
        CANCEL,
        PREPARE,
        DISPATCH,
        DELIVER,
        OTHER,
        /** Is committed only at the next seal but one. */
        PLACE_SLOWLY,
        SEAL
    }

    @Property(tries = TRIES)
    void the_auditors_list_equals_the_projections_at_every_height(
            @ForAll("histories") List<Step> history, @ForAll Random random) throws SQLException {
        try (OrdersFixture orders = new OrdersFixture()) {
            play(orders, history, random);

            long newest = Long.parseLong(orders.look("select coalesce(max(height), 0) from ledger.block")
                    .getFirst());
            for (long height = 0; height <= newest + 1; height++) {
                assertThat(audited(orders, "height => " + height))
                        .as("as of block %d", height)
                        .isEqualTo(projected(orders, height));
            }
            for (long height = 1; height <= newest; height++) {
                String sealedAt = "(select sealed_at from ledger.block where height = " + height + ")";
                assertThat(audited(orders, "at => " + sealedAt))
                        .as("when block %d was sealed", height)
                        .isEqualTo(projected(orders, height));
                assertThat(audited(orders, "at => " + sealedAt + " - interval '1 microsecond'"))
                        .as("just before block %d was sealed", height)
                        .isEqualTo(projected(orders, height - 1));
            }
        }
    }

    @Provide
    static Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.of(Kind.values()),
                        Arbitraries.integers().between(0, ORDER_COUNT - 1),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(
                                "[]",
                                "[{'sku':'m','quantity':2,'unitPrice':950}]",
                                "[{'quantity':3,'unitPrice':-7},{'quantity':1,'unitPrice':1000000000000}]",
                                "[{'sku':'no price','quantity':3},'no item',{'quantity':1,'unitPrice':5}]"))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(25);
    }

    private static void play(OrdersFixture orders, List<Step> history, Random random) throws SQLException {
        List<UUID> ids = random.longs(2L * ORDER_COUNT).boxed().toList().stream()
                .limit(ORDER_COUNT)
                .map(bits -> new UUID(bits, ~bits))
                .toList();
        try (Connection slow = orders.recorder().getConnection()) {
            slow.setAutoCommit(false);
            boolean isWaiting = false;
            for (Step step : history) {
                UUID order = ids.get(step.order());
                switch (step.kind()) {
                    case PLACE -> orders.append(placing(step, order, random));
                    case CANCEL -> orders.append(plain(step, order, EventTypes.ORDER_CANCELLED, random));
                    case PREPARE -> orders.append(plain(step, order, EventTypes.ORDER_PREPARED, random));
                    case DISPATCH -> orders.append(plain(step, order, EventTypes.ORDER_DISPATCHED, random));
                    case DELIVER -> orders.append(plain(step, order, EventTypes.ORDER_DELIVERED, random));
                    case OTHER -> orders.append(plain(step, order, "OrderPraised", random));
                    case PLACE_SLOWLY -> appendSlowly(slow, placing(step, new UUID(random.nextLong(), 1), random));
                    case SEAL -> {
                        orders.ledger().seal();
                        if (isWaiting) {
                            slow.commit();
                        }
                        isWaiting = !isWaiting;
                    }
                }
            }
            slow.commit();
        }
        orders.ledger().seal();
    }

    private static NewEvent placing(Step step, UUID order, Random random) {
        return placing(step, order, random, 1 + step.second() % 2);
    }

    private static NewEvent placing(Step step, UUID order, Random random, int schemaVersion) {
        ObjectNode payload = json("{'currency':'GBP','items':" + step.items() + "}");
        payload.putObject("customer").put("id", "c" + step.second());
        if (schemaVersion > 1) {
            payload.put("channel", "WEB");
        }
        return new NewEvent(
                new UUID(random.nextLong(), random.nextLong()),
                order,
                EventTypes.ORDER_PLACED,
                (short) schemaVersion,
                payload,
                Optional.empty(),
                json("{}"),
                NOON.plusSeconds(step.second()));
    }

    private static NewEvent plain(Step step, UUID order, String type, Random random) {
        return event(
                new UUID(random.nextLong(), random.nextLong()),
                order,
                type,
                json("{}"),
                NOON.plusSeconds(step.second()));
    }

    private static void appendSlowly(Connection slow, NewEvent event) throws SQLException {
        try (PreparedStatement append = slow.prepareStatement(
                "select ledger.append(?, ?, ?, ?::smallint, ?::jsonb, null, '{}', ?::timestamptz, null)")) {
            append.setObject(1, event.eventId());
            append.setObject(2, event.streamId());
            append.setString(3, event.type());
            append.setShort(4, event.schemaVersion());
            append.setString(5, event.payload().toString());
            append.setString(6, event.occurredAt().toString());
            append.execute();
        }
    }

    @Example
    void items_that_cannot_be_added_up_hide_no_other_order() throws SQLException {
        try (OrdersFixture orders = new OrdersFixture()) {
            Random random = new Random(7);
            for (String items : List.of(
                    "[{'quantity':2,'unitPrice':950}]",
                    "[{'quantity':'many','unitPrice':950}]",
                    "[{'quantity':1.5,'unitPrice':950}]",
                    "[{'quantity':999999999999999999,'unitPrice':999999999999999999}]",
                    "'none'")) {
                orders.append(placing(new Step(Kind.PLACE, 0, 0, items), UUID.randomUUID(), random));
            }
            orders.ledger().seal();

            assertThat(orders.look("select total from audit.orders_as_of(height => 1)"))
                    .containsExactlyInAnyOrder("1900", "null", "null", "null", "null");
        }
    }

    @Example
    void a_placing_of_an_unknown_form_is_listed_without_content_and_hides_no_other_order() throws SQLException {
        try (OrdersFixture orders = new OrdersFixture()) {
            Random random = new Random(7);
            Step step = new Step(Kind.PLACE, 0, 0, "[{'quantity':2,'unitPrice':950}]");
            orders.append(placing(step, UUID.randomUUID(), random), placing(step, UUID.randomUUID(), random, 999));
            orders.ledger().seal();

            assertThat(
                            orders.look(
                                    "select concat_ws(' ', status, customer_id, total, items) from audit.orders_as_of(height => 1)"))
                    .containsExactlyInAnyOrder("PLACED c0 1900 [{\"quantity\": 2, \"unitPrice\": 950}]", "PLACED");
        }
    }

    private static List<String> audited(OrdersFixture orders, String argument) throws SQLException {
        return orders.look(
                "select o::text from (select * from audit.orders_as_of(" + argument + ")) o order by order_id");
    }

    private static List<String> projected(OrdersFixture orders, long height) throws SQLException {
        String query = new Database(orders.recorder())
                .statement(context -> context.renderInlined(ORDERS.rows(new Scope.Everything(height))));
        List<String> rows = orders.look("""
                select o::text from (
                    select order_id, status, cancellation_refused, channel, customer_id, currency, total, items,
                        placed_at, prepared_at, dispatched_at, delivered_at, cancelled_at, version
                    from (%s) query) o
                order by order_id""".formatted(query));
        COMPARED_ROWS.addAndGet(rows.size());
        return rows;
    }
}
