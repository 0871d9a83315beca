package io.orderledger.handlers.recordprogress;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.requests.Delivery;
import io.orderledger.handlers.requests.RequestKind;
import io.orderledger.handlers.requests.RequestRecorder;
import io.orderledger.handlers.snapshot.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * Takes an EventBridge event in which another service of the team says how far an order came, and appends it, whether the order is known
 * yet or not. Which services may say so is the rule's affair: an event that was let in once is recorded, also when it is replayed after its
 * service was taken off the list. Nobody waits for an answer, so there is none.
 *
 * <p>Ends normally when the message is recorded, was recorded before, or can never be and is kept among the refused ones: delivering
 * it again would change nothing. Throws when the database is away: Lambda then tries again, and at last puts the message into the
 * functions' dead-letter queue.
 */
public final class RecordProgress implements RequestStreamHandler {
    private static final String PATH = "record-progress";

    private final RequestRecorder recorder;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public RecordProgress() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database: PGHOST and its kin
     */
    public RecordProgress(Map<String, String> environment) {
        HeldConnection database = HeldConnection.from(environment);
        this.recorder = new RequestRecorder(database);
        // A report is appended as a placing is.
        this.snapshot = Snapshot.around(database, () -> recorder.rehearsePlacing(PATH));
    }

    /**
     * Records one event, and brings the views up to date as far as time allows.
     *
     * @throws io.orderledger.ledger.LedgerUnavailable if the event has to be delivered again
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        RemainingTime time = RemainingTime.of(context);
        recorder.record(event.readAllBytes(), RequestKind.REPORTS, Delivery.of(PATH, context), time);
        recorder.freshen(time);
    }
}
