package io.orderledger.handlers.replay;

import io.orderledger.handlers.RemainingTime;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Receives from a queue, deletes and gives back. What is received is hidden from everybody until it is given back, or until the invocation
 * that received it is over, whatever becomes of that.
 */
final class Mailbox {
    /** What SQS takes in one call. */
    static final int BATCH_SIZE = 10;

    /** Beyond the end of the invocation, for the calls that give back. */
    private static final Duration HIDDEN_LONGER = Duration.ofSeconds(30);

    private static final Duration MAX_HIDDEN = Duration.ofMinutes(20);
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final SqsClient sqs;
    private final RemainingTime time;
    private final Duration wait;

    /**
     * @param time of the invocation
     * @param wait how long SQS may look for messages, in whole seconds
     */
    Mailbox(SqsClient sqs, RemainingTime time, Duration wait) {
        this.sqs = sqs;
        this.time = time;
        this.wait = wait;
    }

    /** Some messages, as many as one call gives; none when SQS finds none. */
    List<Message> receive(Queue queue, int atMost) {
        Duration hidden = time.left().plus(HIDDEN_LONGER);
        int seconds = (int) (hidden.compareTo(MAX_HIDDEN) < 0 ? hidden : MAX_HIDDEN).toSeconds();
        return sqs.receiveMessage(request -> request.queueUrl(queue.url())
                        .maxNumberOfMessages(Math.min(BATCH_SIZE, atMost))
                        .visibilityTimeout(seconds)
                        .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)
                        .messageAttributeNames(Letter.ERROR_CODE)
                        .waitTimeSeconds((int) wait.toSeconds()))
                .messages();
    }

    /** What cannot be deleted comes again, and is a duplicate then. */
    void delete(Queue queue, List<Message> messages) {
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

    /** What cannot be given back comes again by itself, when its time of being hidden is over. */
    void giveBack(Queue queue, List<Message> messages) {
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

    /** About how many messages a queue has, those included that somebody has received and not deleted. */
    long waiting(Queue queue) {
        return waiting(sqs, queue);
    }

    static long waiting(SqsClient sqs, Queue queue) {
        return sqs
                .getQueueAttributes(request -> request.queueUrl(queue.url())
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    private static void inBatches(List<Message> messages, Function<List<Message>, List<BatchResultErrorEntry>> call) {
        for (int from = 0; from < messages.size(); from += BATCH_SIZE) {
            List<Message> batch = messages.subList(from, Math.min(from + BATCH_SIZE, messages.size()));
            call.apply(batch).forEach(error -> LOG.warn("SQS could not do it for {}: {}", error.id(), error.code()));
        }
    }
}
