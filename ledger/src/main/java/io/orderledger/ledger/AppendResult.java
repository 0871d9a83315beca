package io.orderledger.ledger;

/** What {@link Ledger#append} did. Either way the event is in the ledger now, exactly once, with this position and version. */
public sealed interface AppendResult {
    /** Where the row was allocated. Gaps are normal, and positions are not the order of commits. */
    long position();

    /** The event's number among the events of its stream, from 1, without gaps. */
    int version();

    /** The event is new. */
    record Appended(long position, int version) implements AppendResult {}

    /** The event was there already, with the same content; nothing was written. */
    record Duplicate(long position, int version) implements AppendResult {}
}
