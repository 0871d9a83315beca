package io.orderledger.handlers.replay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.requests.Delivery;
import io.orderledger.handlers.requests.JsonText;
import io.orderledger.handlers.requests.RequestRecorder;
import io.orderledger.handlers.snapshot.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Empties the three dead-letter queues into the ledger. Takes {@code {"maxMessages"?: n}} and answers
 * {@code {"appended","duplicate","refused","failed","remaining","queues"}}: the counts, whether something may be left, and the counts
 * of each queue.
 *
 * <p>A message leaves its queue only when it is recorded, was recorded before, or is kept among the refused ones; so replaying can be
 * repeated, and interrupted, at will. Failed messages stay and can be had again at once. The function ends in time by itself; whoever
 * is told that messages remain invokes it again, as long as that makes progress.
 */
public final class ReplayDeadLetters implements RequestStreamHandler {
    private static final String PATH = "replay-dead-letters";
    private static final int MAX_MESSAGES = 1_000_000;

    /** Makes SQS ask all of a queue's servers; without a wait it asks some, and may call a queue empty that is not. */
    private static final Duration WAIT = Duration.ofSeconds(1);

    private static final JsonMapper JSON = new JsonMapper();

    private final RequestRecorder recorder;
    private final List<Queue> queues;
    private final SqsClient sqs;
    private final Duration wait;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public ReplayDeadLetters() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database and SQS, and the queues' addresses
     */
    public ReplayDeadLetters(Map<String, String> environment) {
        this(environment, WAIT);
    }

    /** With another wait than SQS itself needs, in whole seconds. */
    ReplayDeadLetters(Map<String, String> environment, Duration wait) {
        this.wait = wait;
        HeldConnection database = HeldConnection.from(environment);
        this.recorder = new RequestRecorder(database);
        this.snapshot = Snapshot.around(database, () -> recorder.rehearsePlacing(PATH));
        this.queues = Queue.from(environment);
        this.sqs = SqsClients.from(environment);
    }

    /**
     * Replays until the queues are empty, so many messages are done, or the time is nearly over.
     *
     * @throws InvalidRequest if the event is not what the class describes
     * @throws software.amazon.awssdk.core.exception.SdkException if a queue cannot be read; nothing is lost
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        int maxMessages = maxMessages(event.readAllBytes());
        RemainingTime time = RemainingTime.of(context);
        Replay replay = new Replay(sqs, recorder, Delivery.of(PATH, context), time, wait, maxMessages);
        Tally total = new Tally();
        ObjectNode perQueue = JSON.createObjectNode();
        boolean remaining = false;
        for (Queue queue : queues) {
            Tally tally = new Tally();
            remaining |= !replay.empty(queue, tally);
            perQueue.set(queue.name(), tally.json());
            total.add(tally);
        }
        recorder.freshen(time);
        ObjectNode result = total.json().put("remaining", remaining);
        result.set("queues", perQueue);
        JSON.writeValue(answer, result);
    }

    private static int maxMessages(byte[] event) {
        try {
            JsonNode value = JsonText.object(event).path("maxMessages");
            if (value.isMissingNode()) {
                return MAX_MESSAGES;
            }
            if (value.isInt() && value.intValue() >= 1 && value.intValue() <= MAX_MESSAGES) {
                return value.intValue();
            }
            throw new InvalidRequest("maxMessages must be an integer from 1 to " + MAX_MESSAGES);
        } catch (JsonText.Unreadable e) {
            throw new InvalidRequest(e.problem().toString());
        }
    }
}
