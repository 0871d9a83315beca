package io.orderledger.ledger;

/**
 * Where an {@link Erasure} has got to.
 *
 * @param phase what it has just done
 * @param reached the position up to which events are done; 0 outside of {@link Phase#EVENTS}
 * @param last the position up to which there is something to do; 0 outside of {@link Phase#EVENTS}
 * @param soFar what it has erased
 */
public record ErasureStep(Phase phase, long reached, long last, Erased soFar) {
    /** The parts of an erasure, in their order. The names are those that {@code ledger.erase_customer} answers. */
    public enum Phase {
        /** From now on nothing from before the erasure is recorded. */
        BEGUN,
        /** Appends that began before the erasure have not ended. */
        WAITING,
        /** Events up to a position are done. */
        EVENTS,
        /** Some refused messages are done. */
        REFUSED,
        /** Everything is done. */
        DONE
    }
}
