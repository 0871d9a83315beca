package io.orderledger.projections.orders;

import static io.orderledger.db.tables.projection.Tables.ORDERS_V2;

import io.orderledger.ledger.Database;
import io.orderledger.projections.NotCaughtUp;
import io.orderledger.projections.RowsAsOf;
import io.orderledger.projections.RowsAsOf.Beyond;
import io.orderledger.projections.UnknownHeight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Reads the list of orders as it was when a block was the newest.
 *
 * <p>The block of a time is told by {@link io.orderledger.projections.Heights}. Orders are found through the live list, by what cannot have
 * changed since, and then computed from the ledger as of the block; so a page costs about the same for every block.
 *
 * <p>Thread-safe if the data source is; its role is {@code ledger_reader} or has its rights. Methods throw {@link
 * io.orderledger.ledger.LedgerUnavailable} when the database cannot do it now, and can then be called again, and {@link
 * io.orderledger.ledger.LedgerFault} when the code or the set-up is wrong.
 */
public final class OrderListAsOf {
    /** How many orders are computed in one statement. */
    private static final int ORDERS_PER_STATEMENT = 500;

    /** By the database's order of UUIDs, which is not Java's. */
    private static final Comparator<ListedOrder> NEWEST_FIRST = Comparator.comparing(ListedOrder::placedAt)
            .thenComparing(order -> order.orderId().toString())
            .reversed();

    private static final OrdersProjection PROJECTION = new OrdersProjection();

    private final RowsAsOf rowsAsOf;
    private final CandidatesAsOf candidates;

    public OrderListAsOf(DataSource dataSource) {
        this.rowsAsOf = new RowsAsOf(dataSource);
        this.candidates = new CandidatesAsOf(new Database(dataSource));
    }

    /**
     * A page of orders as they were, newest first, by time of placing and then by order ID.
     *
     * <p>A page may be shorter than the limit, or empty, although there is a next one: it is cut off after {@link
     * CandidatesAsOf#MAX_LOOKED_AT} orders that were not there yet or do not fit the filter.
     *
     * @param height the block; 0 is before the first one
     * @param limit orders on the page at most, 1 to {@link OrderList#MAX_LIMIT}
     * @param after where the previous page ended, as of the same block; empty for the first page
     * @throws IllegalArgumentException if the limit is out of its range
     * @throws UnknownHeight if there is no such block yet
     * @throws NotCaughtUp if the live list is far behind the block, or its newest version was never built; try again
     */
    public OrderPage list(long height, OrderFilter filter, int limit, Optional<OrderCursor> after) {
        OrderList.demandLimit(limit);
        if (height == 0) {
            return new OrderPage(List.of(), Optional.empty());
        }
        Beyond beyond = rowsAsOf.beyondLiveTable(PROJECTION, height);
        Page page = new Page(height, filter, limit, after);
        page.add(beyond.orders());
        candidates.placedAgain(beyond.sealedAt(), after, ORDERS_PER_STATEMENT, page::add);
        Optional<OrderCursor> end = walk(page, beyond, after);
        return page.cutAt(end);
    }

    /** Fills the page from the live list, and returns the place up to which the list was looked at; empty for its end. */
    private Optional<OrderCursor> walk(Page page, Beyond beyond, Optional<OrderCursor> after) {
        Optional<OrderCursor> place = after;
        int left = CandidatesAsOf.MAX_LOOKED_AT;
        int found = 0;
        while (true) {
            CandidatesAsOf.Found next =
                    candidates.next(page.height, page.filter, beyond.sealedAt(), place, page.limit + 1 - found, left);
            page.add(next.orders());
            found += next.orders().size();
            left -= next.lookedAt();
            place = next.end();
            if (place.isEmpty() || found > page.limit || left <= 0) {
                return place;
            }
        }
    }

    /**
     * One order as it was.
     *
     * @param height the block; 0 is before the first one
     * @throws UnknownHeight if there is no such block yet
     */
    public Optional<ListedOrder> find(long height, UUID orderId) {
        if (height != 0) {
            rowsAsOf.demand(height);
        }
        return rows(height, List.of(orderId)).stream().findFirst();
    }

    private List<ListedOrder> rows(long height, List<UUID> orders) {
        return rowsAsOf.ofOrders(PROJECTION, orders, height).stream()
                .map(row -> OrderList.listed(row.into(ORDERS_V2)))
                .toList();
    }

    /** The best orders so far, each once. */
    private final class Page {
        private final long height;
        private final OrderFilter filter;
        private final int limit;
        private final Optional<OrderCursor> after;
        private final TreeSet<ListedOrder> best = new TreeSet<>(NEWEST_FIRST);

        Page(long height, OrderFilter filter, int limit, Optional<OrderCursor> after) {
            this.height = height;
            this.filter = filter;
            this.limit = limit;
            this.after = after;
        }

        void add(List<UUID> orders) {
            for (int from = 0; from < orders.size(); from += ORDERS_PER_STATEMENT) {
                List<UUID> some = orders.subList(from, Math.min(orders.size(), from + ORDERS_PER_STATEMENT));
                for (ListedOrder order : rows(height, some)) {
                    if (filter.admits(order)
                            && after.map(place -> isAfter(order, place)).orElse(true)) {
                        best.add(order);
                        if (best.size() > limit + 1) {
                            best.pollLast();
                        }
                    }
                }
            }
        }

        OrderPage cutAt(Optional<OrderCursor> end) {
            List<ListedOrder> shown = new ArrayList<>();
            for (ListedOrder order : best) {
                if (shown.size() == limit) {
                    ListedOrder last = shown.getLast();
                    return new OrderPage(shown, Optional.of(new OrderCursor(last.placedAt(), last.orderId())));
                }
                if (end.isPresent() && isAfter(order, end.get())) {
                    break;
                }
                shown.add(order);
            }
            return new OrderPage(shown, end);
        }

        private static boolean isAfter(ListedOrder order, OrderCursor place) {
            int byTime = order.placedAt().compareTo(place.placedAt());
            return byTime < 0
                    || (byTime == 0
                            && order.orderId()
                                            .toString()
                                            .compareTo(place.orderId().toString())
                                    < 0);
        }
    }
}
