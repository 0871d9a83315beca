package io.orderledger.handlers.parked;

import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.ledger.parked.MessageId;
import io.orderledger.ledger.parked.ParkedMessage;
import io.orderledger.ledger.parked.ParkedState;
import java.util.List;

/** What is done with a parked message. */
interface Action {
    /** There is no such message. */
    String UNKNOWN = "UNKNOWN";

    /** Its content is erased; it cannot be tried again. */
    String ERASED = "ERASED";

    /**
     * What came of it.
     *
     * @param outcome a {@link io.orderledger.ledger.parked.ParkedOutcome}, {@link #UNKNOWN}, {@link #ERASED}, or {@code ALREADY_} and the
     *     state that the message was in already
     * @param detail without values
     */
    record Result(String outcome, String detail) {
        static Result already(ParkedState state) {
            return new Result("ALREADY_" + state.name(), "");
        }

        /** Somebody else did something with it at the same time. */
        static Result already(List<ParkedMessage> now) {
            return now.isEmpty()
                    ? new Result(UNKNOWN, "")
                    : already(now.getFirst().state());
        }
    }

    /** Does it, and notes it. */
    Result on(MessageId id, RemainingTime time, HeldConnection database);
}
