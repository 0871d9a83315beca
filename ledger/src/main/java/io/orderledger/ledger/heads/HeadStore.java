package io.orderledger.ledger.heads;

import java.util.OptionalLong;

/**
 * Where signed heads are kept, one for each size of the tree. Nothing in it is ever replaced. It is worth what its distance from the
 * database is worth: whoever may change the one must not be able to change the other.
 *
 * <p>Implementations are thread-safe.
 */
public interface HeadStore {
    /**
     * Keeps a signed head; does nothing if just this one is there. Durable when it returns.
     *
     * @throws HeadConflict if another one of that size is there
     */
    void put(long size, String note);

    /** The sizes of which there are heads, rising. Reads the names of all of them, half a million for each year of heads a minute. */
    long[] sizes();

    /** The largest size of which there is a head; empty if there is none. What an exporter asks for each time, so it costs little. */
    OptionalLong newest();

    /**
     * The signed head of a size.
     *
     * @throws IllegalArgumentException if there is none
     */
    String get(long size);
}
