package io.orderledger.handlers.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.parked.Withheld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Looks at what waits in the queues, counts it and gives it back. Nothing is deleted or recorded; but nobody else can receive the messages
 * while it looks, and SQS counts the look as one more receive. Not thread-safe.
 */
final class Survey {
    /** What is kept for giving back and answering. */
    private static final Duration RESERVE = Duration.ofSeconds(10);

    /** Giving back costs about this much for each message, in batches of ten. */
    static final Duration GIVE_BACK_PER_MESSAGE = Duration.ofMillis(3);

    /** So many are held at once, for the sake of memory; SQS itself lets 120,000 be. */
    static final int MAX_HELD = 20_000;

    private final Mailbox mailbox;
    private final RemainingTime time;
    private final ReplayRequest request;
    private final Map<Group, Count> groups = new TreeMap<>(
            Comparator.comparing(Group::queue).thenComparing(Group::reason).thenComparing(Group::code));
    private final ArrayNode listed = JsonNodeFactory.instance.arrayNode();
    private int looked;
    private int matching;

    private record Group(String queue, FailureReason reason, String code) {}

    private record Count(
            long messages,
            @Nullable Instant oldest,
            @Nullable Instant newest) {
        Count and(Optional<Instant> time) {
            Instant at = time.orElse(null);
            return new Count(messages + 1, earlier(oldest, at), later(newest, at));
        }

        private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
            return one == null || (other != null && other.isBefore(one)) ? other : one;
        }

        private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
            return one == null || (other != null && other.isAfter(one)) ? other : one;
        }
    }

    Survey(Mailbox mailbox, RemainingTime time, ReplayRequest request) {
        this.mailbox = mailbox;
        this.time = time;
        this.request = request;
    }

    /** Looks at the admitted queues, one after the other, and tells what was there. */
    ObjectNode of(List<Queue> queues) {
        boolean complete = true;
        for (Queue queue : queues) {
            if (!isFound() && request.filter().admits(queue)) {
                complete &= look(queue);
            }
        }
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("dryRun", true)
                .put("looked", looked)
                .put("matching", matching)
                .put("complete", complete);
        ArrayNode counts = answer.putArray("groups");
        groups.forEach((group, count) -> counts.add(json(group, count)));
        if (request.list() > 0) {
            answer.set("messages", listed);
        }
        return answer;
    }

    /** True if everything that the queue had was seen. */
    private boolean look(Queue queue) {
        List<Message> held = new ArrayList<>();
        try {
            while (!isFound() && looked < request.maxMessages() && held.size() < MAX_HELD && isTimeLeft(held.size())) {
                List<Message> messages = mailbox.receive(queue, request.maxMessages() - looked);
                if (messages.isEmpty()) {
                    return true;
                }
                held.addAll(messages);
                messages.forEach(message -> count(queue, message));
            }
            return false;
        } finally {
            mailbox.giveBack(queue, held);
        }
    }

    /** The one message that is meant need not be looked for any more. */
    private boolean isFound() {
        return request.message().isPresent() && matching > 0;
    }

    private boolean isMeant(Message message, Letter letter) {
        return request.message().map(message.messageId()::equals).orElse(true)
                && request.filter().admits(letter);
    }

    private boolean isTimeLeft(int held) {
        return !time.leftAfter(RESERVE.plus(GIVE_BACK_PER_MESSAGE.multipliedBy(held)))
                .isZero();
    }

    private void count(Queue queue, Message message) {
        Letter letter = Letter.of(message);
        looked++;
        if (!isMeant(message, letter)) {
            return;
        }
        matching++;
        Group group = new Group(queue.name(), letter.reason(), letter.code());
        groups.put(group, groups.getOrDefault(group, new Count(0, null, null)).and(letter.requestedAt()));
        if (listed.size() < request.list()) {
            ObjectNode told = json(queue, message, letter);
            if (request.message().isPresent()) {
                told.set("content", Withheld.from(DeadLetter.requestMessage(message.body())));
            }
            listed.add(told);
        }
    }

    private static ObjectNode json(Group group, Count count) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("queue", group.queue())
                .put("reason", group.reason().text())
                .put("code", group.code())
                .put("messages", count.messages());
        if (count.oldest() != null) {
            json.put("oldest", count.oldest().toString());
        }
        if (count.newest() != null) {
            json.put("newest", count.newest().toString());
        }
        return json;
    }

    private static ObjectNode json(Queue queue, Message message, Letter letter) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("queue", queue.name())
                .put("messageId", message.messageId())
                .put("reason", letter.reason().text())
                .put("code", letter.code())
                .put("receives", letter.receives());
        letter.requestedAt().ifPresent(at -> json.put("requestedAt", at.toString()));
        letter.eventId().ifPresent(id -> json.put("eventId", id.toString()));
        letter.orderId().ifPresent(id -> json.put("orderId", id.toString()));
        return json;
    }
}
