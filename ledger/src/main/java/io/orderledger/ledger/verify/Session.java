package io.orderledger.ledger.verify;

import io.orderledger.ledger.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.core.BaseConnection;

/** A short use of a connection, set so that plans are the same however large the ledger is. */
final class Session {
    private Session() {}

    /** Work with a connection. */
    interface Work<T> {
        T with(BaseConnection connection) throws SQLException;
    }

    /** Runs the work in autocommit mode. It may be run again when the database asks for that. */
    static <T> T query(Database database, Work<T> work) {
        return database.statement(sql -> sql.connectionResult(connection -> {
            prepare(connection);
            return work.with(connection.unwrap(BaseConnection.class));
        }));
    }

    /** Rows come in the order of an index, each with few looks into others: whatever the planner saves up for costs more than it gives. */
    private static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "set jit = off; set max_parallel_workers_per_gather = 0; set enable_bitmapscan = off; set enable_memoize = off");
        }
    }
}
