package io.orderledger.local.queues;

import io.orderledger.local.queues.Queues.Attribute;
import io.orderledger.local.queues.Queues.SentMessage;
import java.util.Map;
import java.util.Optional;

/** What the other services ask of the stack's queues. Thread-safe. */
public interface QueueSender {

    /**
     * Sends a message; when it returns, the message is kept.
     *
     * @throws QueuesUnusable where it was not taken, or nobody knows; it may be sent again
     */
    SentMessage send(String queueArn, String body, Map<String, Attribute> attributes);

    boolean exists(String queueArn);

    /** The ARN of the queue with that URL. */
    Optional<String> arnOf(String queueUrl);
}
