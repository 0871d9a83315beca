package io.orderledger.ledger.verify;

/** Is told how far verification has come, on the thread that verifies, after every few ten thousand events. */
@FunctionalInterface
public interface Progress {
    /**
     * So many leaves (events and blocks) are done.
     *
     * @param done leaves so far, those before a trusted head not counted
     * @param total leaves to do
     */
    void at(long done, long total);
}
