package io.orderledger.benchmarks.catchup;

import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.server.HeldConnection;
import io.orderledger.projections.orders.OrderCursor;
import io.orderledger.projections.orders.OrderFilter;
import io.orderledger.projections.orders.OrderList;
import io.orderledger.projections.orders.OrderListAsOf;
import io.orderledger.projections.orders.OrderPage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Pages of the list of orders, as a function reads them: one connection, no filter, 50 orders. Not thread-safe. */
public final class Pages implements AutoCloseable {
    /** Orders on a page. */
    public static final int ORDERS = 50;

    private final RecordedStatements statements = new RecordedStatements();
    private final HeldConnection connection;
    private final OrderList list;
    private final OrderListAsOf listAsOf;

    /** Uses a database whose list of orders is current. */
    public Pages(BenchmarkServer server, String database) throws SQLException {
        this.connection = new HeldConnection(server.as("ledger_reader", database));
        this.list = new OrderList(statements.of(connection.dataSource()));
        this.listAsOf = new OrderListAsOf(statements.of(connection.dataSource()));
    }

    /** Where a page begins, found by walking there; the first page is 1. */
    public Optional<OrderCursor> beginOf(int page) {
        Optional<OrderCursor> begin = Optional.empty();
        for (int i = 1; i < page; i++) {
            begin = list.list(OrderFilter.NONE, ORDERS, begin).next();
            if (begin.isEmpty()) {
                throw new IllegalStateException("The list has no page " + page);
            }
        }
        return begin;
    }

    /** Milliseconds that a page takes, each time that it is read. */
    public List<Double> millis(Optional<OrderCursor> begin, int times) {
        return millis(() -> list.list(OrderFilter.NONE, ORDERS, begin), times);
    }

    /** Milliseconds that the first page as of a block takes, each time that it is read. */
    public List<Double> millisAsOf(long height, int times) {
        return millis(() -> firstAsOf(height), times);
    }

    /** The first page as of a block. */
    public OrderPage firstAsOf(long height) {
        return listAsOf.list(height, OrderFilter.NONE, ORDERS, Optional.empty());
    }

    /** What the database does for a page, as {@code EXPLAIN ANALYZE} tells it. */
    public String plan(Optional<OrderCursor> begin) throws SQLException {
        return statements.plans(connection.connection(), () -> list.list(OrderFilter.NONE, ORDERS, begin));
    }

    /** What the database does for the first page as of a block. */
    public String planAsOf(long height) throws SQLException {
        return statements.plans(connection.connection(), () -> firstAsOf(height));
    }

    private static List<Double> millis(Supplier<OrderPage> page, int times) {
        List<Double> millis = new ArrayList<>(times);
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            OrderPage read = page.get();
            millis.add((System.nanoTime() - begin) / 1e6);
            if (read.orders().size() < ORDERS && read.next().isEmpty()) {
                throw new IllegalStateException("The list ends on a page that is measured");
            }
        }
        return millis;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
