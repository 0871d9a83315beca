package io.orderledger.ledger;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A data source whose one connection stays open between uses, as in a function. */
final class OneConnection implements AutoCloseable {
    private final Connection connection;
    private final DataSource dataSource;

    OneConnection(DataSource connections) throws SQLException {
        this.connection = connections.getConnection();
        Connection unclosable = proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close")) {
                return null;
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
        this.dataSource = proxy(DataSource.class, (proxy, method, arguments) -> unclosable);
    }

    DataSource dataSource() {
        return dataSource;
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
