package io.orderledger.db.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Makes the migrating user of a database: a login that may create roles, and schemas in this one database, and nothing else. So that whoever
 * runs {@link Migrations} need not be the cluster's master user.
 *
 * <p>On Amazon RDS it signs in by IAM, and can let the roles that it makes do so too: it becomes a member of {@code rds_iam}, with the
 * admin option.
 *
 * <p>Stateless; safe for use by several threads.
 */
public final class Preparation {
    private static final String SIGNS_IN_BY_IAM = "rds_iam";

    private Preparation() {}

    /**
     * Makes what is missing, in one transaction; changes nothing that is there.
     *
     * @param master connects to the database's writer as its owner, who may create roles; on Amazon RDS, the master user
     * @param migrator the migrating user's name
     * @throws PreparationFailed if the database refused it; nothing was made then, and the call can be repeated once the cause is gone
     */
    public static void prepare(DataSource master, String migrator) {
        try (Connection connection = master.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                String user = statement.enquoteIdentifier(migrator, true);
                if (!isRole(connection, migrator)) {
                    statement.execute("create role " + user + " login createrole");
                }
                String database = statement.enquoteIdentifier(connection.getCatalog(), true);
                statement.execute("grant connect, create on database " + database + " to " + user);
                if (isRole(connection, SIGNS_IN_BY_IAM)) {
                    statement.execute("grant " + SIGNS_IN_BY_IAM + " to " + user + " with admin option");
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw new PreparationFailed(migrator, e);
        }
    }

    private static boolean isRole(Connection connection, String name) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select from pg_catalog.pg_roles where rolname = ?")) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** The migrating user could not be made; the cause says what the database refused. */
    public static final class PreparationFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PreparationFailed(String migrator, SQLException cause) {
            super("The migrating user " + migrator + " could not be made: " + cause.getMessage(), cause);
        }
    }
}
