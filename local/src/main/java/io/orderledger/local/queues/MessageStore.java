package io.orderledger.local.queues;

import io.orderledger.local.storage.MapFile;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.elasticmq.actor.queue.InternalMessage;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.StringDataType;

/** The messages of all queues, on disk: a map a queue, from the message's ID to the message. Thread-safe. */
final class MessageStore implements AutoCloseable {

    private static final String PREFIX = "messages.";

    private final MapFile file;
    private final Map<String, MVMap<String, byte[]>> queues = new ConcurrentHashMap<>();

    MessageStore(MapFile file) {
        this.file = file;
    }

    /** The queues that hold messages. */
    Set<String> queuesWithMessages() {
        var names = new HashSet<String>();
        for (String map : file.names(PREFIX)) {
            String queue = map.substring(PREFIX.length());
            if (!messages(queue).isEmpty()) {
                names.add(queue);
            }
        }
        return names;
    }

    /**
     * The messages of a queue.
     *
     * @param longestHidden none is hidden for longer than this from now on
     */
    List<InternalMessage> all(String queue, Duration longestHidden) {
        long latest = System.currentTimeMillis() + longestHidden.toMillis();
        return messages(queue).values().stream()
                .map(stored -> StoredMessage.decoded(stored, latest))
                .toList();
    }

    Set<String> ids(String queue) {
        return Set.copyOf(messages(queue).keySet());
    }

    /** Stores a message; when it returns, the message is on disk. */
    void add(String queue, InternalMessage message) {
        messages(queue).put(message.id(), StoredMessage.encoded(message));
        file.force();
    }

    /** Stores what changed about a message. A crash may forget the change: the message is then received again. */
    void update(String queue, InternalMessage message) {
        messages(queue).replace(message.id(), StoredMessage.encoded(message));
    }

    /** Forgets a message. A crash may bring it back: consumers must bear with receiving it twice, as on SQS. */
    void remove(String queue, String messageId) {
        messages(queue).remove(messageId);
    }

    void removeAll(String queue) {
        messages(queue).clear();
    }

    @Override
    public void close() {
        file.close();
    }

    private MVMap<String, byte[]> messages(String queue) {
        return queues.computeIfAbsent(queue, name -> file.map(PREFIX + name, StringDataType.INSTANCE));
    }
}
