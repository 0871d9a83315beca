package io.orderledger.ledger;

import org.jspecify.annotations.Nullable;

/** An event was not appended, because of what the ledger holds already. The subclass says why, and what to do. */
public abstract sealed class AppendRefused extends RuntimeException permits EventConflict, UnexpectedVersion {
    private static final long serialVersionUID = 1L;

    AppendRefused(String message, @Nullable DatabaseFailure cause) {
        super(message, cause);
    }
}
