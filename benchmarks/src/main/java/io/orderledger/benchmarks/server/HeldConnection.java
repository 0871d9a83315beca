package io.orderledger.benchmarks.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** One connection for those who take a data source and close what they get from it: closing does nothing. */
public final class HeldConnection implements AutoCloseable {
    private final Connection connection;
    private final Connection unclosable;
    private final DataSource dataSource;

    public HeldConnection(DataSource source) throws SQLException {
        this.connection = source.getConnection();
        this.unclosable = proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close")) {
                return null;
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        });
        this.dataSource = proxy(DataSource.class, (proxy, method, arguments) -> {
            if (method.getName().equals("getConnection")) {
                return unclosable;
            }
            throw new UnsupportedOperationException(method.getName());
        });
    }

    /** Gives the connection, to one thread at a time. */
    public DataSource dataSource() {
        return dataSource;
    }

    /** The connection, whose {@code close} does nothing. */
    public Connection connection() {
        return unclosable;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
