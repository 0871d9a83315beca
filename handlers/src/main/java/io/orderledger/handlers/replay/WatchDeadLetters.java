package io.orderledger.handlers.replay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.metrics.Metrics;
import io.orderledger.handlers.metrics.Metrics.Unit;
import io.orderledger.handlers.metrics.Metrics.Value;
import io.orderledger.handlers.snapshot.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Run by a schedule: counts the messages in the dead-letter queues, those included that somebody is looking at. Takes any event, and
 * answers {@code {"rule","function","workflow"}} with the counts.
 *
 * <p>The call matters as much as the counts. SQS stops measuring a queue that nobody has used for six hours, and then an alarm on the age
 * of a forgotten message would never come.
 *
 * <p>Writes the metric {@code DeadLettersWaiting}, for all queues together and for each {@code Queue}.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html">When SQS
 *     measures</a>
 */
public final class WatchDeadLetters implements RequestStreamHandler {
    private static final String METRIC = "DeadLettersWaiting";
    private static final JsonMapper JSON = new JsonMapper();

    private final List<Queue> queues;
    private final SqsClient sqs;
    private final Metrics metrics;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public WatchDeadLetters() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach SQS, the queues' addresses, and METRICS_NAMESPACE
     */
    public WatchDeadLetters(Map<String, String> environment) {
        this(environment, Metrics.from(environment));
    }

    WatchDeadLetters(Map<String, String> environment, Metrics metrics) {
        this.queues = Queue.from(environment);
        this.sqs = SqsClients.from(environment);
        this.metrics = metrics;
        this.snapshot = Snapshot.withoutDatabase();
    }

    /**
     * One look at every queue.
     *
     * @throws SdkException if a queue did not answer; the others are counted all the same
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        ObjectNode counts = JSON.createObjectNode();
        SdkException failure = null;
        long total = 0;
        for (Queue queue : queues) {
            try {
                long waiting = Mailbox.waiting(sqs, queue);
                total += waiting;
                counts.put(queue.name(), waiting);
                metrics.writeFor("Queue", queue.name(), new Value(METRIC, Unit.COUNT, waiting));
            } catch (SdkException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        metrics.write(new Value(METRIC, Unit.COUNT, total));
        JSON.writeValue(answer, counts);
    }
}
