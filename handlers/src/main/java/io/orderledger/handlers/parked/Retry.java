package io.orderledger.handlers.parked;

import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.requests.Delivery;
import io.orderledger.handlers.requests.Problem;
import io.orderledger.handlers.requests.Recorded;
import io.orderledger.handlers.requests.RequestKind;
import io.orderledger.handlers.requests.RequestRecorder;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.parked.MessageId;
import io.orderledger.ledger.parked.ParkedMessage;
import io.orderledger.ledger.parked.ParkedMessages;
import io.orderledger.ledger.parked.ParkedOutcome;
import io.orderledger.ledger.parked.ParkedState;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records a message by the code that refused it. First it is recorded, then that is noted: when the note is lost, the message still waits, and
 * to try it again finds a duplicate.
 */
record Retry(ParkedMessages parked, RequestRecorder recorder, Delivery delivery, ParkedRequest.Why why)
        implements Action {
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    @Override
    public Result on(MessageId id, RemainingTime time, HeldConnection database) {
        List<ParkedMessage> found = database.call(time, () -> parked.find(id.toString()));
        if (found.isEmpty()) {
            return new Result(UNKNOWN, "");
        }
        if (found.getFirst().state() != ParkedState.WAITING) {
            return Result.already(found);
        }
        Optional<byte[]> content = database.call(time, () -> parked.content(id));
        if (content.isEmpty()) {
            return new Result(ERASED, "");
        }
        Attempt attempt = attempt(id, content.get(), time);
        boolean noted = database.call(
                time, () -> parked.note(id, attempt.outcome(), attempt.detail(), why.actor(), why.reason()));
        return noted
                ? new Result(attempt.outcome().name(), attempt.detail())
                : Result.already(database.call(time, () -> parked.find(id.toString())));
    }

    private record Attempt(ParkedOutcome outcome, String detail) {}

    private Attempt attempt(MessageId id, byte[] content, RemainingTime time) {
        try {
            return switch (recorder.record(content, EnumSet.allOf(RequestKind.class), delivery, time)) {
                case Recorded.Appended _ -> new Attempt(ParkedOutcome.APPENDED, "");
                case Recorded.Duplicate _ -> new Attempt(ParkedOutcome.DUPLICATE, "");
                case Recorded.Refused refused -> new Attempt(ParkedOutcome.REFUSED, detail(refused));
            };
        } catch (LedgerUnavailable e) {
            // Says nothing about the message; the caller asks again.
            throw e;
        } catch (RuntimeException e) {
            LOG.error("Trying message {} again failed", id, e);
            return new Attempt(ParkedOutcome.FAILED, e.getClass().getSimpleName());
        }
    }

    private static String detail(Recorded.Refused refused) {
        String problems = refused.problems().stream().map(Problem::toString).collect(Collectors.joining("; "));
        String detail = refused.reason() + (problems.isEmpty() ? "" : ": " + problems);
        return detail.length() <= Ledger.MAX_DETAIL_CHARACTERS
                ? detail
                : detail.substring(0, Ledger.MAX_DETAIL_CHARACTERS);
    }
}
