package io.orderledger.ledger;

/**
 * The database could not be reached, or could not do its work now: it is starting, stopping, failing over or out of resources, or
 * concurrent transactions got into each other's way more often than is retried. Whether the work was done is not known when the
 * connection broke. Try the same call again later: every call of this package can be repeated.
 */
public final class LedgerUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;

    LedgerUnavailable(DatabaseFailure cause) {
        super("The ledger's database is unavailable: " + cause.getMessage(), cause);
        this.sqlState = cause.sqlState();
    }

    /** PostgreSQL's five-character code of the failure; empty where there is none. */
    public String sqlState() {
        return sqlState;
    }
}
