package io.orderledger.projections.orders;

import static io.orderledger.db.tables.projection.Tables.CHECKPOINT;
import static io.orderledger.db.tables.projection.Tables.ORDERS_V1;
import static io.orderledger.db.tables.projection.Tables.ORDERS_V2;
import static io.orderledger.projections.Projection.column;
import static org.jooq.impl.DSL.noCondition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.orderledger.db.tables.projection.tables.records.OrdersV2Record;
import io.orderledger.ledger.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;

/**
 * Reads the list of orders, from its view alone. One round trip a call. Until version 2 of the list is built for the first time, in a
 * ledger that is older than it, this reads version 1: with the statuses that it knows, and without what it lacks. A reader changes over by
 * itself.
 *
 * <p>Thread-safe if the data source is; its role is {@code ledger_reader} or has its rights. Methods throw {@link
 * io.orderledger.ledger.LedgerUnavailable} when the database cannot do it now, and can then be called again, and {@link
 * io.orderledger.ledger.LedgerFault} when the code or the set-up is wrong.
 */
public final class OrderList {
    /** The longest page, in orders. */
    public static final int MAX_LIMIT = 200;

    private static final OrdersProjection NEWEST = new OrdersProjection();
    private static final Field<UUID> ORDER_ID = column(ORDERS_V2.ORDER_ID);

    private static final JsonMapper JSON = new JsonMapper();

    private final Database database;

    /** A view that is live once stays so; a rebuild changes the table behind it, and nothing else. */
    private volatile boolean newestIsLive;

    public OrderList(DataSource dataSource) {
        this.database = new Database(dataSource);
    }

    /**
     * A page of orders, newest first, by time of placing and then by order ID.
     *
     * <p>Walking from page to page with the same filter meets every order once that was listed when the walk began, also while other
     * orders arrive.
     *
     * @param limit orders on the page at most, 1 to {@link #MAX_LIMIT}
     * @param after where the previous page ended; empty for the first page
     * @throws IllegalArgumentException if the limit is out of its range
     */
    public OrderPage list(OrderFilter filter, int limit, Optional<OrderCursor> after) {
        demandLimit(limit);
        // One more than asked for tells whether there is another page.
        List<ListedOrder> found = read(list -> database.statement(sql -> {
            var ordered = sql.select(list.fields())
                    .from(list)
                    .where(condition(filter))
                    .orderBy(column(ORDERS_V2.PLACED_AT).desc(), ORDER_ID.desc());
            var page = after.isEmpty()
                    ? ordered.limit(limit + 1)
                    : ordered.seek(after.get().placedAt(), after.get().orderId())
                            .limit(limit + 1);
            return page.fetch(row -> listed(row.into(ORDERS_V2)));
        }));
        if (found.size() <= limit) {
            return new OrderPage(found, Optional.empty());
        }
        ListedOrder last = found.get(limit - 1);
        return new OrderPage(found.subList(0, limit), Optional.of(new OrderCursor(last.placedAt(), last.orderId())));
    }

    /** One order; empty while it is not listed: never placed, or not yet sealed and caught up. */
    public Optional<ListedOrder> find(UUID orderId) {
        return read(list -> database.statement(sql -> sql.select(list.fields())
                        .from(list)
                        .where(ORDER_ID.eq(orderId))
                        .fetch(row -> listed(row.into(ORDERS_V2)))))
                .stream()
                .findFirst();
    }

    /** A list that was never built is empty, so an answer that is not says that it was. */
    private List<ListedOrder> read(Function<Table<?>, List<ListedOrder>> query) {
        List<ListedOrder> found = query.apply(ORDERS_V2);
        if (newestIsLive || !found.isEmpty()) {
            newestIsLive = true;
            return found;
        }
        newestIsLive = database.statement(sql -> sql.fetchExists(
                CHECKPOINT, CHECKPOINT.PROJECTION.eq(NEWEST.id()).and(CHECKPOINT.LIVE)));
        // Again also where it is live: it may be so since a moment ago, after the look at it.
        return query.apply(newestIsLive ? ORDERS_V2 : ORDERS_V1);
    }

    static void demandLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("A page holds 1 to " + MAX_LIMIT + " orders, not " + limit);
        }
    }

    private static Condition condition(OrderFilter filter) {
        return noCondition()
                .and(filter.status()
                        .map(status -> column(ORDERS_V2.STATUS).eq(status.name()))
                        .orElse(noCondition()))
                .and(filter.customerId().map(column(ORDERS_V2.CUSTOMER_ID)::eq).orElse(noCondition()))
                .and(filter.placedFrom().map(column(ORDERS_V2.PLACED_AT)::ge).orElse(noCondition()))
                .and(filter.placedBefore().map(column(ORDERS_V2.PLACED_AT)::lt).orElse(noCondition()));
    }

    static ListedOrder listed(OrdersV2Record row) {
        return new ListedOrder(
                row.getOrderId(),
                OrderStatus.valueOf(row.getStatus()),
                Boolean.TRUE.equals(row.getCancellationRefused()),
                Optional.ofNullable(row.getChannel()),
                row.getCustomerId(),
                row.getCurrency(),
                row.getTotal(),
                parsed(row.getItems()),
                row.getPlacedAt(),
                Optional.ofNullable(row.getPreparedAt()),
                Optional.ofNullable(row.getDispatchedAt()),
                Optional.ofNullable(row.getDeliveredAt()),
                Optional.ofNullable(row.getCancelledAt()),
                row.getVersion());
    }

    private static ArrayNode parsed(JSONB items) {
        try {
            return JSON.readValue(items.data(), ArrayNode.class);
        } catch (JsonProcessingException e) {
            // Without the cause: its message quotes the text.
            throw new IllegalStateException("PostgreSQL returned JSON that Jackson cannot read at "
                    + e.getLocation().offsetDescription());
        }
    }
}
