package io.orderledger.handlers.cancelorder;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.RequestConflict;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.requests.Delivery;
import io.orderledger.handlers.requests.Problem;
import io.orderledger.handlers.requests.Recorded;
import io.orderledger.handlers.requests.RequestKind;
import io.orderledger.handlers.requests.RequestRecorder;
import io.orderledger.handlers.snapshot.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Takes the workflow's message and appends the cancellation, whether the order is known yet or not. Answers
 * {@code {"eventId","orderId","outcome":"APPENDED"|"DUPLICATE"}}.
 */
public final class CancelOrder implements RequestStreamHandler {
    private static final String PATH = "cancel-order";
    private static final JsonMapper JSON = new JsonMapper();

    private final RequestRecorder recorder;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public CancelOrder() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database: PGHOST and its kin
     */
    public CancelOrder(Map<String, String> environment) {
        HeldConnection database = HeldConnection.from(environment);
        this.recorder = new RequestRecorder(database);
        this.snapshot = Snapshot.around(database, () -> recorder.rehearseCancelling(PATH));
    }

    /**
     * Records one cancellation, and brings the views up to date as far as time allows.
     *
     * @throws RequestConflict if the event ID is recorded with other content; the message is kept among the refused ones
     * @throws InvalidRequest if the message breaks a rule; it is kept among the refused ones
     * @throws io.orderledger.ledger.LedgerUnavailable if the same has to be tried again later
     */
    @Override
    public void handleRequest(InputStream message, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        RemainingTime time = RemainingTime.of(context);
        Recorded recorded = recorder.record(
                message.readAllBytes(), EnumSet.of(RequestKind.CANCELLATION), Delivery.of(PATH, context), time);
        ObjectNode outcome = switch (recorded) {
            case Recorded.Appended(UUID eventId, UUID orderId) -> outcome(eventId, orderId, "APPENDED");
            case Recorded.Duplicate(UUID eventId, UUID orderId) -> outcome(eventId, orderId, "DUPLICATE");
            case Recorded.Refused refused -> throw failure(refused);
        };
        recorder.freshen(time);
        JSON.writeValue(answer, outcome);
    }

    private static ObjectNode outcome(UUID eventId, UUID orderId, String outcome) {
        return JSON.createObjectNode()
                .put("eventId", eventId.toString())
                .put("orderId", orderId.toString())
                .put("outcome", outcome);
    }

    private static RuntimeException failure(Recorded.Refused refused) {
        return switch (refused.reason()) {
            case CONFLICT -> new RequestConflict(refused.eventId().orElseThrow());
            case FAILED -> throw new IllegalStateException("Recording refuses what is wrong, not what failed");
            case INVALID ->
                new InvalidRequest(
                        refused.problems().stream().map(Problem::toString).collect(Collectors.joining("; ")));
        };
    }
}
