package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.local.instance.Control;
import io.orderledger.local.instance.Instance;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else takes every connection that the server has, and the functions' own are cut. */
class ConnectionsIT {
    private static final int TIMES = Extent.of(1, 10);
    private static final int CLIENTS = 6;
    private static final String TOO_MANY_CONNECTIONS = "53300";

    @TempDir
    private Path data;

    @Test
    void loses_nothing_while_no_connection_is_left() throws Exception {
        Strikes strikes = new Strikes("every connection of the server taken");
        try (Up up = Up.start(data)) {
            Clients clients = Clients.begin(CLIENTS, up.api());
            try (clients) {
                for (int time = 0; time < TIMES; time++) {
                    clients.awaitAccepted(50);
                    List<Connection> taken = new ArrayList<>();
                    try {
                        strikes.strike(clients, data, () -> takeAll(taken));
                        // Accepted while nothing can be recorded.
                        clients.awaitAccepted(30);
                    } finally {
                        for (Connection connection : taken) {
                            connection.close();
                        }
                    }
                    strikes.awaitRecovery(clients, data);
                }
            }
            strikes.report(Books.close(clients, data));
        }
    }

    /** As the role of the functions, which may end its own sessions: then the functions' sessions are ended, and what they leave is taken, too. */
    private void takeAll(List<Connection> taken) throws SQLException {
        String url = new Control(Instance.on(data)).databaseUrl("ledger_recorder");
        takeUntilRefused(url, taken);
        taken.getFirst()
                .createStatement()
                .execute("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where usename = 'ledger_recorder' and state = 'idle' and application_name <> 'taker'");
        takeUntilRefused(url, taken);
        assertThat(taken).isNotEmpty();
    }

    private static void takeUntilRefused(String url, List<Connection> taken) throws SQLException {
        URI uri = URI.create(url);
        String[] user = uri.getUserInfo().split(":", 2);
        while (true) {
            try {
                taken.add(DriverManager.getConnection(
                        "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath()
                                + "?ApplicationName=taker",
                        user[0],
                        user[1]));
            } catch (SQLException e) {
                if (TOO_MANY_CONNECTIONS.equals(e.getSQLState())) {
                    return;
                }
                throw e;
            }
        }
    }
}
