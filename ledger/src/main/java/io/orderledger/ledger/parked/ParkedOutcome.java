package io.orderledger.ledger.parked;

/** What came of an action on a parked message. */
public enum ParkedOutcome {
    /** Tried again: its event was not in the ledger, and is now. */
    APPENDED,
    /** Tried again: its event was in the ledger already. */
    DUPLICATE,
    /** Tried again: it can still not be recorded. */
    REFUSED,
    /** Tried again: it failed, and not because the database was away. */
    FAILED,
    /** Not wanted. */
    DROPPED
}
