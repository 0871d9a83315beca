package io.orderledger.handlers.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

/**
 * A new connection at each call, which waits for the server as long as it works: for migrations, which hold locks in one session while
 * they work in another. Meant for the cluster's writer, not for a proxy.
 *
 * <p>Thread-safe.
 */
public final class DirectConnections extends Connections {
    private final ServerConnections server;

    private DirectConnections(ServerConnections server) {
        this.server = server;
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @throws UnusableSetting if the environment does not say how to connect
     */
    public static DataSource from(Map<String, String> environment) {
        ConnectionSettings settings = ConnectionSettings.from(environment);
        return new DirectConnections(new ServerConnections(settings, Passwords.from(settings, environment)));
    }

    @Override
    public Connection getConnection() throws SQLException {
        return server.open(Timeouts.PATIENT);
    }
}
