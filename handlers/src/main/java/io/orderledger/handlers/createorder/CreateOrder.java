package io.orderledger.handlers.createorder;

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
import java.util.EnumSet;
import java.util.Map;

/**
 * Takes an EventBridge event and appends the order that it asks for. Nobody waits for an answer, so there is none.
 *
 * <p>Ends normally when the message is recorded, was recorded before, or can never be and is kept among the refused ones: delivering
 * it again would change nothing. Throws when the database is away: Lambda then tries again, and at last puts the message into the
 * function's dead-letter queue.
 */
public final class CreateOrder implements RequestStreamHandler {
    private static final String PATH = "create-order";

    private final RequestRecorder recorder;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public CreateOrder() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database: PGHOST and its kin
     */
    public CreateOrder(Map<String, String> environment) {
        HeldConnection database = HeldConnection.from(environment);
        this.recorder = new RequestRecorder(database);
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
        recorder.record(event.readAllBytes(), EnumSet.of(RequestKind.PLACEMENT), Delivery.of(PATH, context), time);
        recorder.freshen(time);
    }
}
