package io.orderledger.ledger;

/** What has to be true of a stream for an append to it to go ahead. Not looked at for an event that is in the ledger already. */
public sealed interface ExpectedVersion {
    /** Whatever the stream holds. */
    record Any() implements ExpectedVersion {}

    /** The stream has no event yet. */
    record NoStream() implements ExpectedVersion {}

    /**
     * The stream's newest event has this version.
     *
     * @param version at least 1
     */
    record Exactly(int version) implements ExpectedVersion {
        public Exactly {
            if (version < 1) {
                throw new IllegalArgumentException("Versions begin at 1, not at " + version);
            }
        }
    }
}
