package io.orderledger.handlers.parked;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.parked.ParkedRequest.Why;
import io.orderledger.handlers.requests.Delivery;
import io.orderledger.handlers.requests.RequestRecorder;
import io.orderledger.handlers.snapshot.Snapshot;
import io.orderledger.ledger.parked.MessageId;
import io.orderledger.ledger.parked.ParkedMessage;
import io.orderledger.ledger.parked.ParkedMessages;
import io.orderledger.ledger.parked.ParkedQuery;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator does about messages that were refused or failed too often. Takes one of
 *
 * <ul>
 *   <li>{@code {"verb":"count"|"list", "reasons"?, "states"?, "since"?, "until"?}}, a list also with {@code "after"} and {@code "limit"}
 *   <li>{@code {"verb":"show", "id", "personalData"?}}
 *   <li>{@code {"verb":"replay"|"drop", "ids", "actor", "reason"}}
 * </ul>
 *
 * <p>To count, list and show changes nothing. To replay is to record the message by the code that refused it; what comes of it is noted, and so
 * is a drop, with who and why. Both can be repeated: what waits no longer is left as it is, and the answer says so.
 */
public final class ManageParked implements RequestStreamHandler {
    private static final String PATH = "parked-messages";

    /** What is kept for the answer, and for the note about the message at hand. */
    private static final Duration RESERVE = Duration.ofSeconds(5);

    private static final JsonMapper JSON = new JsonMapper();

    private final HeldConnection database;
    private final ParkedMessages parked;
    private final RequestRecorder recorder;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public ManageParked() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database: PGHOST and its kin
     */
    public ManageParked(Map<String, String> environment) {
        this.database = HeldConnection.from(environment);
        this.parked = new ParkedMessages(database);
        this.recorder = new RequestRecorder(database);
        this.snapshot = Snapshot.around(database, () -> recorder.rehearsePlacing(PATH));
    }

    /**
     * Does what is asked for.
     *
     * @throws InvalidRequest if the event is not what the class describes
     * @throws io.orderledger.ledger.LedgerUnavailable if the same has to be asked again later
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        RemainingTime time = RemainingTime.of(context);
        ObjectNode result = switch (ParkedRequestReader.read(event.readAllBytes())) {
            case ParkedRequest.Count(ParkedQuery query) -> count(query, time);
            case ParkedRequest.Page(ParkedQuery query, Optional<MessageId> after, int limit) ->
                page(query, after, limit, time);
            case ParkedRequest.Show(String id, boolean personalData) -> show(id, personalData, time);
            case ParkedRequest.Replay(List<MessageId> ids, Why why) ->
                act(ids, time, new Retry(parked, recorder, Delivery.of(PATH, context), why));
            case ParkedRequest.Drop(List<MessageId> ids, Why why) -> act(ids, time, new Drop(parked, why));
        };
        JSON.writeValue(answer, result);
    }

    private ObjectNode count(ParkedQuery query, RemainingTime time) {
        ObjectNode result = JSON.createObjectNode();
        ArrayNode groups = result.putArray("groups");
        database.call(time, () -> parked.count(query))
                .forEach((group, messages) -> groups.addObject()
                        .put("reason", group.reason().name())
                        .put("state", group.state().name())
                        .put("messages", messages));
        return result;
    }

    private ObjectNode page(ParkedQuery query, Optional<MessageId> after, int limit, RemainingTime time) {
        List<ParkedMessage> page = database.call(time, () -> parked.list(query, after, limit));
        ObjectNode result = JSON.createObjectNode();
        ArrayNode messages = result.putArray("messages");
        page.forEach(message -> messages.add(json(message)));
        if (page.size() == limit) {
            result.put("next", page.getLast().id().toString());
        }
        return result;
    }

    private ObjectNode show(String idOrPrefix, boolean personalData, RemainingTime time) {
        List<ParkedMessage> found = database.call(time, () -> parked.find(idOrPrefix));
        if (found.size() != 1) {
            return JSON.createObjectNode().put("found", found.size());
        }
        ParkedMessage message = found.getFirst();
        ObjectNode result = json(message).put("found", 1);
        ArrayNode actions = result.putArray("actions");
        database.call(time, () -> parked.actions(message.id()))
                .forEach(action -> actions.addObject()
                        .put("outcome", action.outcome().name())
                        .put("detail", action.detail())
                        .put("actor", action.actor())
                        .put("reason", action.reason())
                        .put("actedAt", action.actedAt().toString()));
        database.call(time, () -> parked.content(message.id())).ifPresent(content -> {
            if (personalData) {
                result.put("content", new String(content, StandardCharsets.UTF_8));
                result.put("contentBase64", Base64.getEncoder().encodeToString(content));
            } else {
                result.set("content", Withheld.from(content));
            }
        });
        return result;
    }

    /** As many as time allows; the answer has no result for the others. */
    private ObjectNode act(List<MessageId> ids, RemainingTime time, Action action) {
        ObjectNode result = JSON.createObjectNode();
        ArrayNode results = result.putArray("results");
        for (MessageId id : ids) {
            if (time.leftAfter(RESERVE).isZero()) {
                break;
            }
            Action.Result done = action.on(id, time, database);
            results.addObject()
                    .put("id", id.toString())
                    .put("outcome", done.outcome())
                    .put("detail", done.detail());
        }
        recorder.freshen(time);
        return result.put("left", ids.size() - results.size());
    }

    private static ObjectNode json(ParkedMessage message) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", message.id().toString())
                .put("reason", message.reason().name())
                .put("state", message.state().name())
                .put("detail", message.detail())
                .put("path", message.path())
                .put("refusedAt", message.refusedAt().toString());
        message.eventId().ifPresent(id -> json.put("eventId", id.toString()));
        message.orderId().ifPresent(id -> json.put("orderId", id.toString()));
        message.requestedAt().ifPresent(at -> json.put("requestedAt", at.toString()));
        message.erasedAt().ifPresent(at -> json.put("erasedAt", at.toString()));
        return json;
    }
}
