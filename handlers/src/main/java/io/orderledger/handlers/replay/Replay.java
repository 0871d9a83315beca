package io.orderledger.handlers.replay;

import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.requests.Delivery;
import io.orderledger.handlers.requests.RequestKind;
import io.orderledger.handlers.requests.RequestRecorder;
import io.orderledger.ledger.LedgerUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * One run over the queues, message by message. What fails, and what is not meant, is held back until the run ends, or it would be received
 * again and again, and given back then. Not thread-safe.
 */
final class Replay {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    /** What is kept for the batch at hand, the views and the answer. */
    private static final Duration RESERVE = Duration.ofSeconds(15);

    /** So many failures one after the other are no matter of single messages. */
    private static final int MAX_FAILURES_IN_A_ROW = 3;

    private static final Duration FRESHEN_EVERY = Duration.ofSeconds(2);

    /** More failures than these are not kept aside: whatever fails there fails for all. */
    private static final int MAX_FAILED = 100;

    private final Mailbox mailbox;
    private final RequestRecorder recorder;
    private final FailedMessages failed;
    private final Delivery delivery;
    private final RemainingTime time;
    private final Filter filter;
    private final Pace pace;
    private final int maxPassedOver;
    private int messagesLeft;
    private int failuresInARow;
    private boolean interrupted;
    private Optional<String> failure = Optional.empty();
    private boolean unavailable;
    private Duration leftAtLastFreshen;

    Replay(
            Mailbox mailbox,
            RequestRecorder recorder,
            FailedMessages failed,
            Delivery delivery,
            RemainingTime time,
            Filter filter,
            Pace pace,
            int maxMessages,
            int maxPassedOver) {
        this.mailbox = mailbox;
        this.recorder = recorder;
        this.failed = failed;
        this.delivery = delivery;
        this.time = time;
        this.filter = filter;
        this.pace = pace;
        this.messagesLeft = maxMessages;
        this.maxPassedOver = maxPassedOver;
        this.leftAtLastFreshen = time.left();
    }

    /** What is held back of one queue. */
    private record Held(List<Message> failed, List<Message> passedOver) {
        Held() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        int size() {
            return failed.size() + passedOver.size();
        }
    }

    /**
     * Replays a queue's messages until it is empty, or the run has to end.
     *
     * @param tally is added to
     * @return true if the queue was found empty of messages that are meant, and none of them failed
     */
    boolean empty(Queue queue, Tally tally) {
        if (!filter.admits(queue)) {
            return true;
        }
        Held held = new Held();
        // What was only looked at is given back unless there was too much of it for one call: then it stays hidden
        // until
        // its time is over, so that the next call sees what lies behind.
        boolean tooMuch = false;
        try {
            while (mayGoOn(held)) {
                List<Message> messages = mailbox.receive(queue, batchSize());
                if (messages.isEmpty()) {
                    return held.failed().isEmpty();
                }
                replay(queue, messages, held, tally);
                freshenNowAndThen();
            }
            tooMuch = messagesLeft > 0 && !isStopped() && !interrupted;
            return false;
        } finally {
            mailbox.giveBack(queue, held.failed());
            if (!tooMuch) {
                mailbox.giveBack(queue, held.passedOver());
            }
        }
    }

    /** The class, and SQLSTATE, of the failure that came last; empty if none did. */
    Optional<String> failure() {
        return failure;
    }

    /** Whether the database could not do its work at some time. */
    boolean wasUnavailable() {
        return unavailable;
    }

    /** Whether the run ended because one message after the other failed. */
    boolean isStopped() {
        return failuresInARow >= MAX_FAILURES_IN_A_ROW;
    }

    private int batchSize() {
        return filter.admitsEveryLetter() ? Math.min(Mailbox.BATCH_SIZE, messagesLeft) : Mailbox.BATCH_SIZE;
    }

    private boolean mayGoOn(Held held) {
        return isOpen(held)
                && held.failed().size() < MAX_FAILED
                && held.passedOver().size() < maxPassedOver;
    }

    /** Whether one more message may be begun. */
    private boolean isOpen(Held held) {
        return messagesLeft > 0
                && !interrupted
                && !isStopped()
                && !time.leftAfter(RESERVE.plus(Survey.GIVE_BACK_PER_MESSAGE.multipliedBy(held.size())))
                        .isZero();
    }

    private void replay(Queue queue, List<Message> messages, Held held, Tally tally) {
        List<Message> done = new ArrayList<>();
        for (Message message : messages) {
            if (!filter.admitsEveryLetter() && !filter.admits(Letter.of(message))) {
                tally.addPassedOver();
                held.passedOver().add(message);
            } else if (!isOpen(held) || !waitForTurn()) {
                // Not begun, and so not failed; it is given back in any case.
                held.failed().add(message);
            } else if (leaves(queue, message, tally)) {
                done.add(message);
            } else {
                held.failed().add(message);
            }
        }
        mailbox.delete(queue, done);
    }

    private boolean waitForTurn() {
        interrupted |= !pace.await();
        return !interrupted;
    }

    /** Whether the message is kept elsewhere, and can leave its queue. */
    private boolean leaves(Queue queue, Message message, Tally tally) {
        messagesLeft--;
        byte[] request = DeadLetter.requestMessage(message.body());
        try {
            tally.add(recorder.record(request, EnumSet.allOf(RequestKind.class), delivery, time));
            failuresInARow = 0;
            return true;
        } catch (LedgerUnavailable e) {
            LOG.warn("Message {} of queue {} stays: SQLSTATE {}", message.messageId(), queue.name(), e.sqlState());
            unavailable = true;
            failure = Optional.of(FailedMessages.described(e));
        } catch (RuntimeException e) {
            // A bug or a wrong set-up, perhaps with this message alone. It must neither be lost nor keep the others
            // from the ledger.
            failure = Optional.of(FailedMessages.described(e));
            if (failed.isParked(request, e, delivery, time)) {
                LOG.error(
                        "Message {} of queue {} is parked: it failed too often", message.messageId(), queue.name(), e);
                tally.addParked();
                return true;
            }
            LOG.error("Message {} of queue {} stays", message.messageId(), queue.name(), e);
        }
        failuresInARow++;
        tally.addFailure();
        return false;
    }

    private void freshenNowAndThen() {
        if (leftAtLastFreshen.minus(time.left()).compareTo(FRESHEN_EVERY) > 0) {
            recorder.freshen(time);
            leftAtLastFreshen = time.left();
        }
    }
}
