package io.orderledger.db.embedded;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What stands in a new cluster before the first migration: a migrating user that may create roles and databases' contents but is no
 * superuser, as Aurora's master user is none, and a database that it owns.
 */
public final class Bootstrap {
    /** The migrating user's name. */
    public static final String MIGRATOR = "migrator";

    private Bootstrap() {}

    /** Makes the migrating user with this password, or gives it this password when it is there. */
    public static void migrator(Server server, String password) {
        try (Connection connection = server.superuser("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            if (!exists(connection, "select from pg_roles where rolname = ?", MIGRATOR)) {
                statement.execute("create role " + MIGRATOR + " login createrole");
            }
            statement.execute("alter role " + MIGRATOR + " password " + statement.enquoteLiteral(password));
        } catch (SQLException e) {
            throw new DatabaseSetupFailed("the migrating user could not be made", e);
        }
    }

    /** Makes a database owned by the migrating user, unless it is there. */
    public static void database(Server server, String name) {
        try (Connection connection = server.superuser("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            if (!exists(connection, "select from pg_database where datname = ?", name)) {
                statement.execute("create database " + statement.enquoteIdentifier(name, true) + " owner " + MIGRATOR);
            }
        } catch (SQLException e) {
            throw new DatabaseSetupFailed("the database " + name + " could not be made", e);
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** The server refused what every start needs; the cause says why. */
    public static final class DatabaseSetupFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DatabaseSetupFailed(String what, SQLException cause) {
            super("Database set-up failed: " + what + ": " + cause.getMessage(), cause);
        }
    }
}
