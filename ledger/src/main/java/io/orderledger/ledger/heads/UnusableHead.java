package io.orderledger.ledger.heads;

/** A text is not a tree head that the key has signed. It was altered, belongs to another ledger, or the key is the wrong one. */
public final class UnusableHead extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableHead(String reason) {
        super("Not a tree head signed by the key: " + reason);
    }
}
