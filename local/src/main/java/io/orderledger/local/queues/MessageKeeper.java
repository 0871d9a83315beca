package io.orderledger.local.queues;

import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.Status;
import org.elasticmq.actor.queue.OperationSuccessful$;
import org.elasticmq.actor.queue.QueueEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what ElasticMQ's queues tell it. A queue answers its client only after this actor has answered: a SendMessage
 * whose message could not be stored gets no answer at all, and its client sends it again.
 */
final class MessageKeeper extends AbstractActor {

    private static final Logger LOG = LoggerFactory.getLogger(MessageKeeper.class);

    private final MessageStore store;

    MessageKeeper(MessageStore store) {
        this.store = store;
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(
                        QueueEvent.MessageAdded.class,
                        event -> answerAfter(() -> store.add(event.queueName(), event.message())))
                .match(
                        QueueEvent.MessageUpdated.class,
                        event -> answerAfter(() -> store.update(event.queueName(), event.message())))
                .match(
                        QueueEvent.MessageRemoved.class,
                        event -> answerAfter(() -> store.remove(event.queueName(), event.messageId())))
                .match(QueueEvent.QueueDeleted.class, event -> store.removeAll(event.queueName()))
                .matchAny(_ -> {}) // queues are made from the template at every start; nothing is kept of them
                .build();
    }

    private void answerAfter(Runnable change) {
        try {
            change.run();
            getSender().tell(OperationSuccessful$.MODULE$, getSelf());
        } catch (RuntimeException e) {
            LOG.error("a message could not be kept", e);
            getSender().tell(new Status.Failure(e), getSelf());
        }
    }
}
