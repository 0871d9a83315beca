package io.orderledger.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Plain JDBC, to look at the ledger without the code that is tested. */
final class Sql {
    private Sql() {}

    static <T> T one(DataSource dataSource, Class<T> type, String query, Object... parameters) throws SQLException {
        List<T> values = list(dataSource, type, query, parameters);
        if (values.size() != 1) {
            throw new AssertionError(values.size() + " rows of " + query);
        }
        return values.getFirst();
    }

    static <T> List<T> list(DataSource dataSource, Class<T> type, String query, Object... parameters)
            throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return list(connection, type, query, parameters);
        }
    }

    static <T> List<T> list(Connection connection, Class<T> type, String query, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<T> values = new ArrayList<>();
                while (rows.next()) {
                    values.add(type.cast(rows.getObject(1)));
                }
                return values;
            }
        }
    }

    static void execute(DataSource dataSource, String... statements) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
