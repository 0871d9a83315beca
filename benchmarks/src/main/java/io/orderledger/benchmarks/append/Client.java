package io.orderledger.benchmarks.append;

import io.orderledger.benchmarks.workload.OrderEvent;
import java.sql.SQLException;
import java.util.List;

/** One client with its connection. What it appended is committed when a method returns. */
public interface Client extends AutoCloseable {
    void append(OrderEvent event) throws SQLException;

    /** Appends all or none. */
    void append(List<OrderEvent> events) throws SQLException;

    @Override
    void close() throws SQLException;
}
