package io.orderledger.local.world;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections of which the world knows at once when they are closed, and not a moment later from the network. */
final class NotedConnections extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;

    private final transient Timeline time;

    NotedConnections(Timeline time) {
        this.time = time;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        DatabaseLink link = time.session().orElseThrow().newest();
        return (Connection) Proxy.newProxyInstance(
                NotedConnections.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        link.leave();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
