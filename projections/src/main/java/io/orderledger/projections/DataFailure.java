package io.orderledger.projections;

import io.orderledger.ledger.LedgerFault;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jooq.exception.DataAccessException;

/** Tells failures that come of what events say from those of the database, the code or the set-up. */
final class DataFailure {
    /** Cardinality, data exception, integrity constraint, program limit (such as a value too long for an index), and the ledger's own. */
    private static final Set<String> CLASSES = Set.of("21", "22", "23", "54", "OL");

    private static final int MAX_REASON_CHARACTERS = 300;

    private DataFailure() {}

    static boolean isOne(LedgerFault fault) {
        return isOne(fault.sqlState());
    }

    static boolean isOne(DataAccessException failure) {
        return isOne(Objects.requireNonNullElse(failure.sqlState(), ""));
    }

    private static boolean isOne(String sqlState) {
        return sqlState.length() == 5 && CLASSES.contains(sqlState.substring(0, 2));
    }

    /** What to tell people: PostgreSQL's messages quote values, and values may be personal data; the ledger's own do not. */
    static String reason(DataAccessException failure) {
        String sqlState = Objects.requireNonNullElse(failure.sqlState(), "unknown");
        String code = "SQLSTATE " + sqlState;
        if (!sqlState.startsWith("OL")) {
            return code;
        }
        String message = Optional.ofNullable(failure.getCause(SQLException.class))
                .map(Throwable::getMessage)
                .map(text -> text.lines().findFirst().orElse("").replaceFirst("^ERROR: ", ""))
                .orElse("");
        String reason = code + ": " + message;
        return reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARACTERS));
    }
}
