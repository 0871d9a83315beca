package io.orderledger.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What became of the messages under an event ID, without what they said.
 *
 * @param recorded the event, if there is one
 * @param refusals messages under the ID that can never be recorded, the latest first; at most {@link #MAX_REFUSALS}
 */
public record Fate(Optional<Event> recorded, List<Refusal> refusals) {
    /** How many refusals are told: the same message counts once, so there are more only by a mistake. */
    public static final int MAX_REFUSALS = 100;

    public Fate {
        refusals = List.copyOf(refusals);
    }

    /**
     * Where the event is.
     *
     * @param orderId the order
     * @param type what happened
     * @param version number among the events of the order
     * @param position where the row was allocated
     * @param recordedAt when it was appended
     * @param block height of the block that the event was sealed in; empty until then
     */
    public record Event(
            UUID orderId, String type, int version, long position, Instant recordedAt, OptionalLong block) {}

    /** Why a message was refused, and when. */
    public record Refusal(RefusedMessage.Reason reason, Instant refusedAt) {}
}
