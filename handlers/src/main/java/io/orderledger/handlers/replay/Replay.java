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
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * One run over the queues, message by message. Failed messages are held back until the run ends, or it would receive them again and
 * again, and given back then. Not thread-safe.
 */
final class Replay {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    private static final int BATCH_SIZE = 10;

    /** Longer than a batch takes, so that nobody else receives its messages meanwhile; if somebody does, it changes nothing. */
    private static final Duration VISIBILITY = Duration.ofMinutes(2);

    /** What is kept for the batch at hand, the views and the answer. */
    private static final Duration RESERVE = Duration.ofSeconds(15);

    /** So many failures one after the other are no matter of single messages. */
    private static final int MAX_FAILURES_IN_A_ROW = 3;

    private static final Duration FRESHEN_EVERY = Duration.ofSeconds(2);

    /** More than these are not kept aside: whatever fails there fails for all. */
    private static final int MAX_HELD_BACK = 100;

    private final SqsClient sqs;
    private final RequestRecorder recorder;
    private final Delivery delivery;
    private final RemainingTime time;
    private final Duration wait;
    private int messagesLeft;
    private int failuresInARow;
    private Duration leftAtLastFreshen;

    Replay(
            SqsClient sqs,
            RequestRecorder recorder,
            Delivery delivery,
            RemainingTime time,
            Duration wait,
            int maxMessages) {
        this.sqs = sqs;
        this.recorder = recorder;
        this.delivery = delivery;
        this.time = time;
        this.wait = wait;
        this.messagesLeft = maxMessages;
        this.leftAtLastFreshen = time.left();
    }

    /**
     * Replays a queue's messages until it is empty, or the run has to end.
     *
     * @param tally is added to
     * @return true if the queue was found empty and no message of it failed
     */
    boolean empty(Queue queue, Tally tally) {
        List<Message> heldBack = new ArrayList<>();
        try {
            while (mayGoOn() && heldBack.size() < MAX_HELD_BACK) {
                List<Message> messages = receive(queue);
                if (messages.isEmpty()) {
                    return heldBack.isEmpty();
                }
                replay(queue, messages, heldBack, tally);
                freshenNowAndThen();
            }
            return false;
        } finally {
            giveBack(queue, heldBack);
        }
    }

    private boolean mayGoOn() {
        return messagesLeft > 0
                && failuresInARow < MAX_FAILURES_IN_A_ROW
                && !time.leftAfter(RESERVE).isZero();
    }

    private List<Message> receive(Queue queue) {
        return sqs.receiveMessage(request -> request.queueUrl(queue.url())
                        .maxNumberOfMessages(Math.min(BATCH_SIZE, messagesLeft))
                        .visibilityTimeout((int) VISIBILITY.toSeconds())
                        .waitTimeSeconds((int) wait.toSeconds()))
                .messages();
    }

    private void replay(Queue queue, List<Message> messages, List<Message> heldBack, Tally tally) {
        List<Message> done = new ArrayList<>();
        for (Message message : messages) {
            boolean stored = mayGoOn() && isStored(queue, message, tally);
            (stored ? done : heldBack).add(message);
        }
        delete(queue, done);
    }

    private boolean isStored(Queue queue, Message message, Tally tally) {
        messagesLeft--;
        try {
            tally.add(recorder.record(
                    DeadLetter.requestMessage(message.body()), EnumSet.allOf(RequestKind.class), delivery, time));
            failuresInARow = 0;
            return true;
        } catch (LedgerUnavailable e) {
            LOG.warn("Message {} of queue {} stays: SQLSTATE {}", message.messageId(), queue.name(), e.sqlState());
        } catch (RuntimeException e) {
            // A bug or a wrong set-up, perhaps with this message alone. It must neither be lost nor keep the others
            // from the ledger.
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

    /** What cannot be deleted comes again, and is a duplicate then. */
    private void delete(Queue queue, List<Message> messages) {
        inBatches(
                messages,
                batch -> sqs.deleteMessageBatch(request -> request.queueUrl(queue.url())
                                .entries(batch.stream()
                                        .map(message -> DeleteMessageBatchRequestEntry.builder()
                                                .id(message.messageId())
                                                .receiptHandle(message.receiptHandle())
                                                .build())
                                        .toList()))
                        .failed());
    }

    /** What cannot be given back comes again by itself, after its visibility timeout. */
    private void giveBack(Queue queue, List<Message> messages) {
        inBatches(
                messages,
                batch -> sqs.changeMessageVisibilityBatch(request -> request.queueUrl(queue.url())
                                .entries(batch.stream()
                                        .map(message -> ChangeMessageVisibilityBatchRequestEntry.builder()
                                                .id(message.messageId())
                                                .receiptHandle(message.receiptHandle())
                                                .visibilityTimeout(0)
                                                .build())
                                        .toList()))
                        .failed());
    }

    private static void inBatches(List<Message> messages, Function<List<Message>, List<BatchResultErrorEntry>> call) {
        for (int from = 0; from < messages.size(); from += BATCH_SIZE) {
            List<Message> batch = messages.subList(from, Math.min(from + BATCH_SIZE, messages.size()));
            call.apply(batch).forEach(error -> LOG.warn("SQS could not do it for {}: {}", error.id(), error.code()));
        }
    }
}
