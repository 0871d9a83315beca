package io.orderledger.local.world;

import io.orderledger.local.definitions.QueueDefinition;
import io.orderledger.local.queues.QueueSender;
import io.orderledger.local.queues.Queues.Attribute;
import io.orderledger.local.queues.Queues.SentMessage;
import io.orderledger.local.queues.QueuesUnusable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Queues in simulated time, as SQS promises them and no better: in any order, at least once. */
final class SimulatedQueues implements QueueSender {
    private final World world;
    private final Map<String, QueueDefinition> definitions = new LinkedHashMap<>();
    private final Map<String, List<Message>> messages = new LinkedHashMap<>();
    private long received;

    /** A message in a queue, and until when nobody else receives it. */
    static final class Message {
        private final String id;
        private final String body;
        private final Optional<String> errorCode;
        private Instant visibleAt;
        private String receipt = "";
        private int receives;

        Message(String id, String body, Optional<String> errorCode, Instant visibleAt) {
            this.id = id;
            this.body = body;
            this.errorCode = errorCode;
            this.visibleAt = visibleAt;
        }

        /** Why a rule could not deliver it, if one could not. */
        Optional<String> errorCode() {
            return errorCode;
        }

        int receives() {
            return receives;
        }

        String id() {
            return id;
        }

        String body() {
            return body;
        }

        String receipt() {
            return receipt;
        }
    }

    SimulatedQueues(List<QueueDefinition> queues, World world) {
        this.world = world;
        queues.forEach(queue -> {
            definitions.put(queue.arn(), queue);
            messages.put(queue.url(), new ArrayList<>());
        });
    }

    @Override
    public synchronized SentMessage send(String queueArn, String body, Map<String, Attribute> attributes) {
        if (world.faults().strikes(Fault.SEND_REFUSED)) {
            throw new QueuesUnusable("no message could be sent", new IOException("the queue is away"));
        }
        String id = world.chance().uuid().toString();
        String url = definitions.get(queueArn).url();
        if (!world.mutates(Mutation.QUEUE_KEEPS_NOTHING, 1)) {
            Optional<String> code = Optional.ofNullable(attributes.get("ERROR_CODE"))
                    .filter(Attribute.Text.class::isInstance)
                    .map(text -> ((Attribute.Text) text).value());
            in(url).add(new Message(id, body, code, world.time().instant()));
        }
        world.trace()
                .add(
                        "dead letter",
                        definitions.get(queueArn).logicalId(),
                        Requests.idIn(body).map(UUID::toString).orElse("-"));
        if (world.faults().strikes(Fault.SEND_ANSWER_LOST)) {
            throw new QueuesUnusable("nobody knows", new IOException("the connection was lost"));
        }
        return new SentMessage(id, md5(body));
    }

    @Override
    public boolean exists(String queueArn) {
        return definitions.containsKey(queueArn);
    }

    @Override
    public Optional<String> arnOf(String queueUrl) {
        return definitions.values().stream()
                .filter(queue -> queue.url().equals(queueUrl))
                .map(QueueDefinition::arn)
                .findFirst();
    }

    synchronized List<Message> receive(String url, int most, Duration visibility) {
        List<Message> visible = new ArrayList<>();
        for (Message message : List.copyOf(in(url))) {
            boolean free = !message.visibleAt.isAfter(world.time().instant());
            if (free || world.faults().strikes(Fault.RECEIVED_TWICE)) {
                visible.add(world.chance().nextInt(visible.size() + 1), message);
            }
        }
        List<Message> given = visible.subList(0, Math.min(most, visible.size()));
        for (Message message : given) {
            message.visibleAt = world.time().instant().plus(visibility);
            message.receipt = message.id + "#" + ++received;
            message.receives++;
        }
        if (world.mutates(Mutation.QUEUE_DELETES_ON_RECEIVE, 1)) {
            in(url).removeAll(given);
        }
        return given;
    }

    /** Also an old receipt deletes, as in a standard queue it mostly does. */
    synchronized boolean delete(String url, String receipt) {
        if (world.faults().strikes(Fault.DELETE_FORGOTTEN)) {
            return world.chance().nextBoolean();
        }
        return in(url).removeIf(message -> receipt.startsWith(message.id));
    }

    synchronized boolean makeVisible(String url, String receipt, Duration after) {
        in(url).stream()
                .filter(message -> receipt.startsWith(message.id))
                .forEach(message -> message.visibleAt = world.time().instant().plus(after));
        return true;
    }

    synchronized int size(String url) {
        return in(url).size();
    }

    synchronized int size() {
        return messages.values().stream().mapToInt(List::size).sum();
    }

    /** What waits, as text. */
    synchronized List<String> bodies() {
        return messages.values().stream()
                .flatMap(List::stream)
                .map(Message::body)
                .toList();
    }

    private List<Message> in(String url) {
        return Optional.ofNullable(messages.get(url))
                .orElseThrow(() -> new IllegalArgumentException("no queue " + url));
    }

    static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
