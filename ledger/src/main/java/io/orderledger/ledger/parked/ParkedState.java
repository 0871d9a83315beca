package io.orderledger.ledger.parked;

/** What became of a parked message. */
public enum ParkedState {
    /** Nobody has decided yet. */
    WAITING,
    /** It was tried again, and its event is in the ledger. */
    RECORDED,
    /** Somebody decided that it is not wanted. */
    DROPPED
}
