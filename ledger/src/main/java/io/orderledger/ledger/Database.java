package io.orderledger.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * The way to the database for this package and the projections: jOOQ with settings that log no values, and failures turned into this
 * package's exceptions.
 *
 * <p>Thread-safe if the data source is. Connections are used in autocommit mode, one at a time in each thread, and closed (given
 * back) after each statement or transaction.
 */
public final class Database {
    /** How often work is tried that collides with other transactions, the first time included. */
    static final int MAX_ATTEMPTS = 5;

    private final DSLContext context;

    /** Uses the data source's connections as they come: role, timeouts and TLS are its affair. */
    public Database(DataSource dataSource) {
        // Values in logs would be personal data; warnings would cost a look at the connection after each statement.
        Settings settings = new Settings()
                .withExecuteLogging(false)
                .withExecuteLoggingSQLExceptions(false)
                .withFetchWarnings(false);
        this.context = DSL.using(dataSource, SQLDialect.POSTGRES, settings);
    }

    /**
     * Runs one statement. When it collides with other transactions (deadlock, serialization failure) it is run again, so the work may
     * be called several times.
     *
     * @throws LedgerUnavailable if the database cannot do it now; earlier attempts' failures are suppressed exceptions of its cause
     * @throws LedgerFault if the database refuses it
     */
    public <T> T statement(Function<DSLContext, T> work) {
        try {
            return attempt(work);
        } catch (DatabaseFailure failure) {
            throw translated(failure);
        }
    }

    /**
     * Runs statements in one transaction, at the connection's isolation level: all of them count, or none. Like {@link #statement},
     * it may call the work several times, each time in a new transaction.
     *
     * @throws LedgerUnavailable if the database cannot do it now; earlier attempts' failures are suppressed exceptions of its cause
     * @throws LedgerFault if the database refuses it
     */
    public <T> T transaction(Function<DSLContext, T> work) {
        return statement(outside -> outside.transactionResult(configuration -> work.apply(DSL.using(configuration))));
    }

    /** As {@link #statement}, with the failure as the database told it. */
    <T> T attempt(Function<DSLContext, T> work) {
        List<DatabaseFailure> earlier = new ArrayList<>();
        while (true) {
            try {
                return work.apply(context);
            } catch (DataAccessException e) {
                DatabaseFailure failure = DatabaseFailure.of(e);
                if (!failure.isConcurrency() || earlier.size() + 1 >= MAX_ATTEMPTS) {
                    earlier.forEach(failure::addSuppressed);
                    throw failure;
                }
                earlier.add(failure);
            }
        }
    }

    static RuntimeException translated(DatabaseFailure failure) {
        return failure.isUnavailability() ? new LedgerUnavailable(failure) : new LedgerFault(failure);
    }
}
