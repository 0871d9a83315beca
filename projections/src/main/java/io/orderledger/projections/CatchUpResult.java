package io.orderledger.projections;

/** What one step of catching up did. */
public sealed interface CatchUpResult {
    /**
     * The projection moved on.
     *
     * @param height the newest block that its rows now take into account
     */
    record CaughtUp(long height) implements CatchUpResult {}

    /** The projection takes every block into account that was sealed before the call. */
    record NothingNew() implements CatchUpResult {}

    /** Another worker is catching the projection up right now. */
    record Busy() implements CatchUpResult {}

    /** The projection has no view yet: it waits for its first rebuild. */
    record NotBuilt() implements CatchUpResult {}
}
