package io.orderledger.local.cli;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What an erasure would reach of what is recorded now. */
final class CustomerOrders {
    private static final String QUERY = """
            select count(distinct e.stream_id), count(*)
            from ledger.event e
            join ledger.personal_data p on p.position = e.position
            where e.stream_id in (
                select placed.stream_id
                from ledger.event placed
                where placed.payload #>> '{customer,id}' = ?)""";

    private final DataSource database;

    CustomerOrders(DataSource database) {
        this.database = database;
    }

    /**
     * Orders and events that still have personal data.
     *
     * @param orders how many orders
     * @param events how many of their events
     */
    record Count(long orders, long events) {}

    Count of(String customer) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setString(1, customer);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Count(row.getLong(1), row.getLong(2));
            }
        }
    }
}
