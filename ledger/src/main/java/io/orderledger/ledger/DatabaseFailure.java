package io.orderledger.ledger;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Objects;
import java.util.Set;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What is worth telling of a failed statement. PostgreSQL's messages and details quote values ("failing row contains …"), and values
 * may be personal data, so only the code, the constraint and the stack trace are kept. Failures of kinds that cannot be about a value
 * (connections, resources, shutdowns) keep their message.
 */
final class DatabaseFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Connection, authorisation, resources, operator, system: never about a row, and gone when operations have done their part. */
    private static final Set<String> OPERATIONAL_CLASSES = Set.of("08", "28", "53", "57", "58");

    private static final Set<String> CONCURRENCY = Set.of("40001", "40P01");

    /** A standby after a failover, a transaction that idled too long, a lock that was not to be had in time. */
    private static final Set<String> UNAVAILABILITY = Set.of("25006", "25P03", "55P03");

    private final String sqlState;
    private final String constraint;
    private final String serverDetail;
    private final boolean operational;

    private DatabaseFailure(
            String message,
            String sqlState,
            String constraint,
            String serverDetail,
            boolean operational,
            SQLException cause) {
        super(message);
        this.sqlState = sqlState;
        this.constraint = constraint;
        this.serverDetail = serverDetail;
        this.operational = operational;
        setStackTrace(cause.getStackTrace());
    }

    static DatabaseFailure of(DataAccessException failure) {
        SQLException cause = failure.getCause(SQLException.class);
        if (cause == null) {
            throw failure; // jOOQ's own: a query that is wrong, or a row that is not as it was asked for
        }
        String sqlState = Objects.requireNonNullElse(cause.getSQLState(), "");
        ServerErrorMessage server = cause instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
        String constraint = server == null ? "" : orEmpty(server.getConstraint());
        String serverDetail = server == null ? "" : orEmpty(server.getDetail());
        boolean operational = isOperational(cause, sqlState);
        return new DatabaseFailure(
                describe(sqlState, constraint, operational ? orEmpty(cause.getMessage()) : ""),
                sqlState,
                constraint,
                serverDetail,
                operational,
                cause);
    }

    /** PostgreSQL's five-character code; empty where there is none. */
    String sqlState() {
        return sqlState;
    }

    /** Name of the constraint that was broken; empty for any other failure. */
    String constraint() {
        return constraint;
    }

    /** The DETAIL of our own functions' errors; for no other failure may it be shown to anybody. */
    String serverDetail() {
        return serverDetail;
    }

    /** Another transaction got in the way, and this one was undone as a whole: the same again may succeed at once. */
    boolean isConcurrency() {
        return CONCURRENCY.contains(sqlState);
    }

    /** The database cannot do its work now; the same again may succeed later. */
    boolean isUnavailability() {
        return operational || isConcurrency() || UNAVAILABILITY.contains(sqlState);
    }

    private static boolean isOperational(SQLException cause, String sqlState) {
        return (sqlState.length() == 5 && OPERATIONAL_CLASSES.contains(sqlState.substring(0, 2)))
                || cause instanceof SQLTransientException
                || cause instanceof SQLRecoverableException
                || cause instanceof SQLNonTransientConnectionException;
    }

    private static String describe(String sqlState, String constraint, String message) {
        return "SQLSTATE " + (sqlState.isEmpty() ? "unknown" : sqlState)
                + (constraint.isEmpty() ? "" : ", constraint " + constraint)
                + (message.isEmpty() ? "" : ", " + message);
    }

    private static String orEmpty(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
