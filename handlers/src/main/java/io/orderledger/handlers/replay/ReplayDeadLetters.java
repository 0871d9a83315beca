package io.orderledger.handlers.replay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.metrics.Metrics;
import io.orderledger.handlers.requests.Delivery;
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
 * Empties the three dead-letter queues into the ledger. Takes a {@link ReplayRequest}: {@code {}} replays everything, {@code maxMessages},
 * {@code messagesPerSecond}, {@code queues}, {@code reasons}, {@code since} and {@code until} bound it.
 *
 * <p>Answers {@code {"appended","duplicate","refused","parked","failed","passedOver","remaining","waiting","queues"}}: the counts, whether
 * something that is meant may be left, about how many messages the queues still have, and the counts of each queue. {@code failure} names
 * what failed last, {@code stopped} says that one message after the other did. With {@code dryRun} it answers what a {@link Survey} finds,
 * and {@code waiting}; with {@code message}, too, what that one message says, without what may be personal data.
 *
 * <p>A message leaves its queue only when it is recorded, was recorded before, or is kept among the refused ones; so replaying can be
 * repeated, and interrupted, at will. Failed messages stay and can be had again at once, until they have failed too often by their own
 * fault: then they are kept among the refused ones too. The function ends in time by itself; whoever is told that messages remain invokes it
 * again, as long as that makes progress.
 */
public final class ReplayDeadLetters implements RequestStreamHandler {
    private static final String PATH = "replay-dead-letters";

    /** Makes SQS ask all of a queue's servers; without a wait it asks some, and may call a queue empty that is not. */
    private static final Duration WAIT = Duration.ofSeconds(1);

    private static final JsonMapper JSON = new JsonMapper();

    private final RequestRecorder recorder;
    private final FailedMessages failed;
    private final SelfReplay selfReplay;
    private final List<Queue> queues;
    private final SqsClient sqs;
    private final Duration wait;
    private final Metrics metrics;

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
     * @param environment how to reach the database and SQS, the queues' addresses, and METRICS_NAMESPACE
     */
    public ReplayDeadLetters(Map<String, String> environment) {
        this(environment, WAIT, Metrics.from(environment));
    }

    /** With another wait than SQS itself needs, in whole seconds. */
    ReplayDeadLetters(Map<String, String> environment, Duration wait) {
        this(environment, wait, Metrics.from(environment));
    }

    ReplayDeadLetters(Map<String, String> environment, Duration wait, Metrics metrics) {
        HeldConnection database = HeldConnection.from(environment);
        this.wait = wait;
        this.recorder = new RequestRecorder(database);
        this.failed = new FailedMessages(database, recorder);
        this.selfReplay = new SelfReplay(database);
        this.snapshot = Snapshot.around(database, () -> recorder.rehearsePlacing(PATH));
        this.queues = Queue.from(environment);
        this.sqs = SqsClients.from(environment);
        this.metrics = metrics;
    }

    /**
     * Replays until nothing that is meant is left, so many messages are done, or the time is nearly over; or looks, for a dry run.
     *
     * @throws InvalidRequest if the event is not what the class describes
     * @throws software.amazon.awssdk.core.exception.SdkException if a queue cannot be read; nothing is lost
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        ReplayRequest request = ReplayRequest.read(event.readAllBytes());
        RemainingTime time = RemainingTime.of(context);
        Mailbox mailbox = new Mailbox(sqs, time, wait);
        ObjectNode result = request.dryRun()
                ? new Survey(mailbox, time, request).of(queues)
                : replay(request, mailbox, Delivery.of(PATH, context), time);
        ObjectNode waiting = result.putObject("waiting");
        queues.forEach(queue -> waiting.put(queue.name(), mailbox.waiting(queue)));
        JSON.writeValue(answer, result);
    }

    private ObjectNode replay(ReplayRequest request, Mailbox mailbox, Delivery delivery, RemainingTime time) {
        Pace pace = request.messagesPerSecond().isPresent()
                ? Pace.perSecond(request.messagesPerSecond().getAsInt())
                : Pace.unlimited();
        Replay replay = new Replay(
                mailbox,
                recorder,
                failed,
                delivery,
                time,
                request.filter(),
                pace,
                request.maxMessages(),
                Survey.MAX_HELD);
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
        if (total.parked() > 0) {
            metrics.write(new Metrics.Value("MessagesParked", Metrics.Unit.COUNT, total.parked()));
        }
        if (total.recorded() > 0 && total.failed() == 0) {
            selfReplay.resume(time);
        }
        ObjectNode result = total.json().put("remaining", remaining).put("stopped", replay.isStopped());
        replay.failure().ifPresent(failure -> result.put("failure", failure));
        result.set("queues", perQueue);
        return result;
    }
}
