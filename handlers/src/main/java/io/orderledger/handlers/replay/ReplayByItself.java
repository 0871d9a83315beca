package io.orderledger.handlers.replay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.metrics.Metrics;
import io.orderledger.handlers.metrics.Metrics.Unit;
import io.orderledger.handlers.metrics.Metrics.Value;
import io.orderledger.handlers.requests.Delivery;
import io.orderledger.handlers.requests.RequestRecorder;
import io.orderledger.handlers.snapshot.Snapshot;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.parked.SelfReplayState.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Run by a schedule: replays what failed for a reason that passes by itself, one message in the first run and twice as many in each that
 * follows, as long as all goes well. It begins with one again once nothing is left. When the database fails it in the middle, or one message
 * after the other does, it stops: it replays nothing more until somebody has replayed by hand and it went well, or has emptied the queues.
 * While the database is away it does not even look into the queues.
 *
 * <p>Takes any event, and answers {@code {"outcome", "nextMessages"?, …counts}}. The outcomes are {@code REPLAYED}, {@code IDLE} (nothing of
 * that kind was there), {@code STOPPED} and {@code DATABASE_AWAY}.
 *
 * <p>Writes the metrics {@code SelfReplayed}, messages recorded, {@code SelfReplayStopped}, 1 or 0, and {@code MessagesParked}.
 */
public final class ReplayByItself implements RequestStreamHandler {
    private static final String PATH = "replay-by-itself";
    private static final Duration WAIT = Duration.ofSeconds(1);

    /** Messages that somebody has to look at must not cost a thousand calls a minute. */
    private static final int MAX_PASSED_OVER = 1_000;

    private static final String NOT_ENDED = "a run that did not end";

    private static final Filter PASSING = new Filter(
            Set.of(),
            FailureReason.PASSING.stream().map(FailureReason::text).collect(Collectors.toSet()),
            Optional.empty(),
            Optional.empty());
    private static final Logger LOG = LoggerFactory.getLogger(ReplayByItself.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final RequestRecorder recorder;
    private final FailedMessages failed;
    private final SelfReplay memory;
    private final List<Queue> queues;
    private final SqsClient sqs;
    private final Duration wait;
    private final Metrics metrics;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    private enum Outcome {
        REPLAYED,
        IDLE,
        STOPPED,
        DATABASE_AWAY
    }

    /** What Lambda calls. */
    public ReplayByItself() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database and SQS, the queues' addresses, and METRICS_NAMESPACE
     */
    public ReplayByItself(Map<String, String> environment) {
        this(environment, WAIT, Metrics.from(environment));
    }

    /** With another wait than SQS itself needs, in whole seconds. */
    ReplayByItself(Map<String, String> environment, Duration wait, Metrics metrics) {
        HeldConnection database = HeldConnection.from(environment);
        this.recorder = new RequestRecorder(database);
        this.failed = new FailedMessages(database, recorder);
        this.memory = new SelfReplay(database);
        this.snapshot = Snapshot.around(database, () -> recorder.rehearsePlacing(PATH));
        this.queues = Queue.from(environment);
        this.sqs = SqsClients.from(environment);
        this.wait = wait;
        this.metrics = metrics;
    }

    /**
     * One run.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException if a queue cannot be read; nothing is lost
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        RemainingTime time = RemainingTime.of(context);
        JSON.writeValue(answer, run(Delivery.of(PATH, context), time));
    }

    private ObjectNode run(Delivery delivery, RemainingTime time) {
        Mailbox mailbox = new Mailbox(sqs, time, wait);
        try {
            State state = memory.read(time);
            if (queues.stream().mapToLong(mailbox::waiting).sum() == 0) {
                if (state.isStopped() || state.nextMessages() != SelfReplay.FIRST) {
                    memory.goOn(SelfReplay.FIRST, time);
                }
                return outcome(Outcome.IDLE, new Tally()).put("nextMessages", SelfReplay.FIRST);
            }
            if (state.isStopped()) {
                return outcome(Outcome.STOPPED, new Tally()).put("failure", state.stoppedBy());
            }
            // Noted first and taken back afterwards: when the database goes away in the middle, that could not be
            // noted.
            memory.stop(NOT_ENDED, time);
            return replay(state.nextMessages(), mailbox, delivery, time);
        } catch (LedgerUnavailable e) {
            LOG.info("Nothing is replayed while the database is away (SQLSTATE {})", e.sqlState());
            return outcome(Outcome.DATABASE_AWAY, new Tally());
        }
    }

    private ObjectNode replay(int messages, Mailbox mailbox, Delivery delivery, RemainingTime time) {
        Replay replay = new Replay(
                mailbox, recorder, failed, delivery, time, PASSING, Pace.unlimited(), messages, MAX_PASSED_OVER);
        Tally tally = new Tally();
        boolean empty = true;
        for (Queue queue : queues) {
            empty &= replay.empty(queue, tally);
        }
        recorder.freshen(time);
        if (replay.wasUnavailable() || replay.isStopped()) {
            String failure = replay.failure().orElse("");
            LOG.warn("Replaying by itself stops: {}", failure);
            stop(failure, time);
            return outcome(Outcome.STOPPED, tally).put("failure", failure);
        }
        int next = next(messages, tally, empty);
        memory.goOn(next, time);
        return outcome(tally.handled() + tally.failed() == 0 ? Outcome.IDLE : Outcome.REPLAYED, tally)
                .put("nextMessages", next);
    }

    /** It is noted already that the run did not end; this says why. */
    private void stop(String failure, RemainingTime time) {
        try {
            memory.stop(failure, time);
        } catch (LedgerUnavailable e) {
            LOG.warn("Why it stops could not be noted (SQLSTATE {})", e.sqlState());
        }
    }

    private static int next(int messages, Tally tally, boolean empty) {
        if (empty) {
            return SelfReplay.FIRST;
        }
        boolean allWell = tally.failed() == 0 && tally.handled() == messages;
        return allWell ? Math.min(messages * 2, SelfReplay.MOST) : messages;
    }

    private ObjectNode outcome(Outcome outcome, Tally tally) {
        metrics.write(
                new Value("SelfReplayed", Unit.COUNT, tally.recorded()),
                new Value("SelfReplayStopped", Unit.COUNT, outcome == Outcome.STOPPED ? 1 : 0),
                new Value("MessagesParked", Unit.COUNT, tally.parked()));
        return tally.json().put("outcome", outcome.name());
    }
}
