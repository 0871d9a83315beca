package io.orderledger.projections.orders;

import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.projection.Tables.ORDERS_V2;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.Visibility;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.Record3;
import org.jooq.Result;
import org.jooq.Select;
import org.jooq.Table;

/**
 * Finds in the live list the orders that may belong to a page as of an earlier block. No event of that block or an earlier one occurred
 * after the block was sealed, so whatever was placed later is passed over by the index. An order that was placed once was placed at the same
 * time then, and whether it was placed by then its row tells by the position of that event, so that passing over many orders reads one index and no
 * events. Those that were placed again, which are few, are looked at all together.
 */
final class CandidatesAsOf {
    /** How many orders of the live list are looked at for one page; each costs less than a microsecond without a filter. */
    static final int MAX_LOOKED_AT = 50_000;

    private static final Field<UUID> ORDER_ID = field(name("looked_at", "order_id"), UUID.class);
    private static final Field<Instant> PLACED_AT = field(name("looked_at", "placed_at"), Instant.class);
    private static final Field<Long> PLACED_POSITION = field(name("looked_at", "placed_position"), Long.class);

    private final Database database;

    CandidatesAsOf(Database database) {
        this.database = database;
    }

    /**
     * Some candidates.
     *
     * @param lookedAt how many orders were looked at, at least
     * @param end the place up to which the list was looked at; empty for its end
     */
    record Found(List<UUID> orders, int lookedAt, Optional<OrderCursor> end) {}

    /** The next candidates among orders that were placed once. */
    Found next(
            long height,
            OrderFilter filter,
            Instant sealedAt,
            Optional<OrderCursor> after,
            int limit,
            int mostLookedAt) {
        Select<Record3<UUID, Instant, Long>> walk = select(
                        ORDERS_V2.ORDER_ID, ORDERS_V2.PLACED_AT, ORDERS_V2.PLACED_POSITION)
                .from(ORDERS_V2)
                .where(ORDERS_V2.PLACED_AT.le(sealedAt))
                .and(ORDERS_V2.PLACINGS.eq(inline(1)))
                .and(isAfter(after))
                .and(mayFit(filter, sealedAt))
                .orderBy(ORDERS_V2.PLACED_AT.desc(), ORDERS_V2.ORDER_ID.desc())
                .limit(mostLookedAt);
        Table<?> lookedAt = walk.asTable("looked_at");
        Condition fits = Visibility.isVisible(PLACED_POSITION, val(height))
                .and(filter.status()
                        .map(status -> statusThen(height).eq(status.name()))
                        .orElse(noCondition()));
        Result<Record2<UUID, Instant>> found = database.statement(sql -> sql.select(ORDER_ID, PLACED_AT)
                .from(lookedAt)
                .where(fits)
                .orderBy(PLACED_AT.desc(), ORDER_ID.desc())
                .limit(limit)
                .fetch());
        List<UUID> orders = found.getValues(ORDER_ID);
        if (orders.size() == limit) {
            Record2<UUID, Instant> last = found.getLast();
            return new Found(orders, limit, Optional.of(new OrderCursor(last.value2(), last.value1())));
        }
        Optional<OrderCursor> end = database.statement(sql -> sql.select(ORDER_ID, PLACED_AT)
                .from(lookedAt)
                .orderBy(PLACED_AT.desc(), ORDER_ID.desc())
                .offset(mostLookedAt - 1)
                .limit(1)
                .fetchOptional(last -> new OrderCursor(last.value2(), last.value1())));
        return new Found(orders, mostLookedAt, end);
    }

    /** Hands on all orders that were placed more than once, some at a time: as of a block they can be in another place. */
    void placedAgain(Instant sealedAt, Optional<OrderCursor> after, int atATime, Consumer<List<UUID>> consumer) {
        Optional<OrderCursor> place = Optional.empty();
        while (true) {
            Optional<OrderCursor> from = place;
            Result<Record2<UUID, Instant>> some =
                    database.statement(sql -> sql.select(ORDERS_V2.ORDER_ID, ORDERS_V2.PLACED_AT)
                            .from(ORDERS_V2)
                            .where(ORDERS_V2.PLACINGS.gt(inline(1)))
                            .and(ORDERS_V2.PLACED_AT.le(sealedAt))
                            .and(after.map(OrderCursor::placedAt)
                                    .map(ORDERS_V2.PLACED_AT::le)
                                    .orElse(noCondition()))
                            .and(isAfter(from))
                            .orderBy(ORDERS_V2.PLACED_AT.desc(), ORDERS_V2.ORDER_ID.desc())
                            .limit(atATime)
                            .fetch());
            if (some.isEmpty()) {
                return;
            }
            consumer.accept(some.getValues(ORDERS_V2.ORDER_ID));
            place = Optional.of(
                    new OrderCursor(some.getLast().value2(), some.getLast().value1()));
        }
    }

    private static Condition isAfter(Optional<OrderCursor> place) {
        return place.map(cursor -> row(ORDERS_V2.PLACED_AT, ORDERS_V2.ORDER_ID).lt(cursor.placedAt(), cursor.orderId()))
                .orElse(noCondition());
    }

    /** What the live row of an order has to fulfil if the order as of the block fulfils the filter. */
    private static Condition mayFit(OrderFilter filter, Instant sealedAt) {
        return noCondition()
                .and(filter.status()
                        .map(status -> mayHaveBeen(status, sealedAt))
                        .orElse(noCondition()))
                .and(filter.customerId().map(ORDERS_V2.CUSTOMER_ID::eq).orElse(noCondition()))
                .and(filter.placedFrom().map(ORDERS_V2.PLACED_AT::ge).orElse(noCondition()))
                .and(filter.placedBefore().map(ORDERS_V2.PLACED_AT::lt).orElse(noCondition()));
    }

    /** The event that made the status then is there now, too; what was recorded since may have made another one of it. */
    private static Condition mayHaveBeen(OrderStatus status, Instant sealedAt) {
        return switch (status) {
            case PLACED -> noCondition();
            case PREPARED -> ORDERS_V2.PREPARED_AT.le(sealedAt);
            case DISPATCHED -> ORDERS_V2.DISPATCHED_AT.le(sealedAt);
            case DELIVERED -> ORDERS_V2.DELIVERED_AT.le(sealedAt);
            // As the condition of the partial index says it, and then more.
            case CANCELLED ->
                ORDERS_V2
                        .CANCELLED_AT
                        .isNotNull()
                        .or(ORDERS_V2.CANCELLATION_REFUSED)
                        .and(ORDERS_V2.CANCELLED_AT.isNull().or(ORDERS_V2.CANCELLED_AT.le(sealedAt)));
        };
    }

    /** A scalar subquery, so that the planner looks each order up in turn and stops when the page is full, whatever it expects. */
    private static Field<String> statusThen(long height) {
        return field(select(Progress.OF_EVENTS.status())
                .from(EVENT)
                .where(EVENT.STREAM_ID.eq(ORDER_ID))
                .and(Visibility.isVisible(EVENT, height)));
    }
}
