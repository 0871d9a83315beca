package io.orderledger.benchmarks.append.contestants;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.workload.OrderEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;

/** A client that sends one statement for each append or batch, in autocommit mode: one round trip. */
abstract class SqlClient implements Client {
    private final Connection connection;
    private final PreparedStatement single;
    private final PreparedStatement batch;

    SqlClient(DataSource source, String single, String batch) throws SQLException {
        this.connection = source.getConnection();
        this.single = connection.prepareStatement(single);
        this.batch = connection.prepareStatement(batch);
    }

    /** Sets the parameters for one event. */
    abstract void bind(PreparedStatement statement, OrderEvent event) throws SQLException;

    /** Sets the parameters for a batch. */
    abstract void bind(PreparedStatement statement, List<OrderEvent> events) throws SQLException;

    @Override
    public final void append(OrderEvent event) throws SQLException {
        bind(single, event);
        single.execute();
    }

    @Override
    public final void append(List<OrderEvent> events) throws SQLException {
        bind(batch, events);
        batch.execute();
    }

    @Override
    public final void close() throws SQLException {
        connection.close();
    }

    /** Sets an array parameter to one value of each event. */
    static void bindArray(
            PreparedStatement statement, int index, String type, List<OrderEvent> events, Function<OrderEvent, ?> value)
            throws SQLException {
        statement.setArray(
                index,
                statement
                        .getConnection()
                        .createArrayOf(type, events.stream().map(value).toArray()));
    }
}
