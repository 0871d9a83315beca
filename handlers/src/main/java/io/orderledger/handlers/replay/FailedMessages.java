package io.orderledger.handlers.replay;

import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.database.UnusableSetting;
import io.orderledger.handlers.requests.Delivery;
import io.orderledger.handlers.requests.RequestRecorder;
import io.orderledger.ledger.LedgerFault;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.parked.ReplayFailures;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** Parks messages that fail again and again by their own fault, so that nothing is tried for ever. Thread-safe. */
final class FailedMessages {
    /** A message that has failed so often is parked. */
    static final int MAX_FAILURES = 5;

    /** SQLSTATEs that tell of the set-up and not of a message: a missing right or table, an unknown schema or database. */
    private static final List<String> SET_UP = List.of("42", "3D", "3F");

    private static final Logger LOG = LoggerFactory.getLogger(FailedMessages.class);

    private final HeldConnection database;
    private final ReplayFailures failures;
    private final RequestRecorder recorder;

    FailedMessages(HeldConnection database, RequestRecorder recorder) {
        this.database = database;
        this.failures = new ReplayFailures(database);
        this.recorder = recorder;
    }

    /**
     * Counts a failure, and parks the message if it was one too many.
     *
     * @return whether the message is parked, and can leave its queue
     */
    boolean isParked(byte[] request, RuntimeException why, Delivery delivery, RemainingTime time) {
        if (!mayBeOfTheMessage(why)) {
            return false;
        }
        try {
            if (database.call(time, () -> failures.note(request)) < MAX_FAILURES) {
                return false;
            }
            recorder.keepFailed(request, described(why), delivery, time);
            return true;
        } catch (RuntimeException e) {
            LOG.error("A failure could not be noted", e);
            return false;
        }
    }

    /** Whether it may be the message's own fault, and not that of whatever all messages go through. */
    private static boolean mayBeOfTheMessage(RuntimeException why) {
        return switch (why) {
            case LedgerUnavailable _, UnusableSetting _, SdkException _ -> false;
            case LedgerFault fault -> SET_UP.stream().noneMatch(fault.sqlState()::startsWith);
            default -> true;
        };
    }

    /** Class and code, and no values. */
    static String described(RuntimeException why) {
        return switch (why) {
            case LedgerUnavailable unavailable -> ("LedgerUnavailable " + unavailable.sqlState()).strip();
            case LedgerFault fault -> ("LedgerFault " + fault.sqlState() + " " + fault.constraint()).strip();
            default -> why.getClass().getSimpleName();
        };
    }
}
