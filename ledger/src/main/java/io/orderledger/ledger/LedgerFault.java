package io.orderledger.ledger;

/**
 * The database refused what this code asked for: a constraint was broken, a right is missing, a table is not there. A bug or a wrong
 * set-up; trying again does not help.
 */
public final class LedgerFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;
    private final String constraint;

    LedgerFault(DatabaseFailure cause) {
        super("The ledger's database refused a statement: " + cause.getMessage(), cause);
        this.sqlState = cause.sqlState();
        this.constraint = cause.constraint();
    }

    /** PostgreSQL's five-character code of the failure; empty where there is none. */
    public String sqlState() {
        return sqlState;
    }

    /** Name of the constraint that was broken; empty for any other failure. */
    public String constraint() {
        return constraint;
    }
}
