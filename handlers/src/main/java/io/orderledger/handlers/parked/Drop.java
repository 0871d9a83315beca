package io.orderledger.handlers.parked;

import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.ledger.parked.MessageId;
import io.orderledger.ledger.parked.ParkedMessage;
import io.orderledger.ledger.parked.ParkedMessages;
import io.orderledger.ledger.parked.ParkedOutcome;
import java.util.List;

/** Notes that a message is not wanted. The message itself stays where it is. */
record Drop(ParkedMessages parked, ParkedRequest.Why why) implements Action {
    @Override
    public Result on(MessageId id, RemainingTime time, HeldConnection database) {
        List<ParkedMessage> found = database.call(time, () -> parked.find(id.toString()));
        if (found.isEmpty()) {
            return new Result(UNKNOWN, "");
        }
        boolean noted =
                database.call(time, () -> parked.note(id, ParkedOutcome.DROPPED, "", why.actor(), why.reason()));
        return noted
                ? new Result(ParkedOutcome.DROPPED.name(), "")
                : Result.already(database.call(time, () -> parked.find(id.toString())));
    }
}
