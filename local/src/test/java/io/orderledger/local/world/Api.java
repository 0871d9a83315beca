package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.bus.EventBus;
import io.orderledger.local.bus.PutEventsResult.Entry;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.deliveries.SpeedFactor;
import io.orderledger.local.deliveries.Surroundings;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.workflow.ExecutionResult;
import io.orderledger.local.workflow.Passage;
import io.orderledger.local.workflow.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * What API Gateway does with a request that it let in: it stores a placing on the bus, and has the workflow run for a cancellation. The
 * messages are those that sam/api.yaml makes; that it makes them is tested in {@code gateway}.
 */
final class Api {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SOURCE = "order-ledger.api";

    /** What sam/template.yaml lists unless it is told otherwise. */
    private static final String LISTED = "orders.fulfilment";

    private static final String UNLISTED = "orders.elsewhere";

    /** No workflow goes on for longer than this. */
    private static final Duration STANDSTILL = Duration.ofSeconds(40);

    private final World world;
    private final EventBus bus;
    private final String busName;
    private final Workflows workflows;
    private final String workflowArn;

    /** A cancellation without a key gets its ID inside of the workflow, on the same thread. */
    private static final ThreadLocal<Consumer<UUID>> WHEN_DRAWN = new ThreadLocal<>();

    /** What a client sees. */
    enum Status {
        OK,
        CONFLICT,
        /** 503: whoever asked may ask again. */
        UNAVAILABLE,
        /** No answer came; nobody knows. */
        NOTHING
    }

    /** An answer, with the IDs that it names. */
    record Answer(Status status, UUID eventId, UUID orderId) {}

    private static final UUID NO_ID = new UUID(0, 0);

    Api(World world, Stack stack, EventBus bus, Functions functions) {
        this.world = world;
        this.bus = bus;
        bus.listen(Consumers.SOURCE, world.consumers()::heard);
        this.busName = stack.buses().getFirst().name();
        this.workflowArn = stack.workflows().getFirst().arn();
        this.workflows = new Workflows(
                stack.workflows(),
                functions,
                world.queues(),
                new Surroundings(new SpeedFactor(1), world.time(), world.chance(), this::draw),
                new Stalling());
    }

    private UUID draw() {
        UUID id = world.chance().uuid();
        Optional.ofNullable(WHEN_DRAWN.get()).ifPresent(register -> register.accept(id));
        return id;
    }

    Answer place(Optional<UUID> key, ObjectNode data, String principal, boolean valid) {
        if (world.faults().strikes(Fault.REQUEST_REFUSED)) {
            return world.mutates(Mutation.API_ANSWERS_200_ALWAYS, 1)
                    ? placed(key.orElseGet(world.chance()::uuid), data, principal, valid)
                    : new Answer(Status.UNAVAILABLE, NO_ID, NO_ID);
        }
        ObjectNode detail = detail(key, data, principal, 2, "POST /orders");
        UUID drawnId = put(SOURCE, Request.Type.PLACING.message(), detail);
        return placed(key.orElse(drawnId), data, principal, valid);
    }

    private Answer placed(UUID eventId, ObjectNode data, String principal, boolean valid) {
        var content = new Request.Content(Request.Type.PLACING, eventId, data, Optional.of(principal));
        return accepted(world.requests().sent(eventId, content, valid, now()));
    }

    /** When the API has received what it stores now. */
    private Instant now() {
        return world.time().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Puts an event on the bus, and gives the ID that the bus drew. */
    private UUID put(String source, String detailType, ObjectNode detail) {
        ObjectNode request = JSON.createObjectNode();
        request.putArray("Entries")
                .addObject()
                .put("EventBusName", busName)
                .put("Source", source)
                .put("DetailType", detailType)
                .put("Detail", detail.toString());
        List<Entry> entries = bus.putEvents(request).entries();
        if (!(entries.getFirst() instanceof Entry.Accepted(String drawnId))) {
            throw new AssertionError("the bus refused an entry: " + entries);
        }
        return UUID.fromString(drawnId);
    }

    /**
     * Another service of the team puts a report on the bus.
     *
     * @param occurredAt when it says that it happened; else the envelope's time counts, in whole seconds
     * @param valid whether it keeps the rules
     */
    Answer report(Request.Content report, Optional<UUID> key, Optional<String> occurredAt, boolean valid) {
        if (world.faults().strikes(Fault.REQUEST_REFUSED)) {
            return new Answer(Status.UNAVAILABLE, NO_ID, NO_ID);
        }
        UUID drawnId = put(LISTED, report.type().message(), detail(report, key, occurredAt));
        Instant happened = valid && occurredAt.isPresent()
                ? OffsetDateTime.parse(occurredAt.get()).toInstant()
                : world.time().instant().truncatedTo(ChronoUnit.SECONDS);
        return accepted(world.requests().sent(key.orElse(drawnId), report, valid, happened));
    }

    /** Somebody puts on the bus what he may not: whatever it says, it must not reach the ledger. */
    void forge(Request.Content report, UUID key) {
        boolean isPlacing = report.type() == Request.Type.PLACING;
        put(isPlacing ? LISTED : UNLISTED, report.type().message(), detail(report, Optional.of(key), Optional.empty()));
    }

    private static ObjectNode detail(Request.Content report, Optional<UUID> key, Optional<String> occurredAt) {
        ObjectNode detail = JSON.createObjectNode();
        key.ifPresent(id -> detail.put("eventId", id.toString()));
        detail.put("orderId", report.orderId().toString());
        occurredAt.ifPresent(time -> detail.put("occurredAt", time));
        report.principal().ifPresent(name -> detail.put("principal", name));
        if (!report.data().isEmpty()) {
            detail.set("data", report.data());
        }
        return detail;
    }

    /** Takes what the ledger's publisher puts on the bus. */
    List<Entry> announce(JsonNode request) {
        return bus.putEvents(request).entries();
    }

    private Answer accepted(Request sent) {
        world.trace().add("sent", sent.type(), sent.eventId(), sent.orderId());
        if (world.faults().strikes(Fault.ANSWER_LOST)) {
            return new Answer(Status.NOTHING, NO_ID, NO_ID);
        }
        sent.accept();
        return new Answer(Status.OK, sent.eventId(), sent.orderId());
    }

    Answer cancel(UUID orderId, Optional<UUID> key, ObjectNode data, String principal) {
        if (world.faults().strikes(Fault.REQUEST_REFUSED)) {
            return new Answer(Status.UNAVAILABLE, NO_ID, NO_ID);
        }
        ObjectNode input =
                JSON.createObjectNode().put("source", SOURCE).put("detail-type", Request.Type.CANCELLING.message());
        ObjectNode detail = detail(key, data, principal, 1, "PUT /orders/{orderId}/cancellation");
        detail.put("orderId", orderId.toString());
        input.set("detail", detail);
        // The workflow may store it whatever it answers, so it counts as sent as soon as its ID is known.
        var sent = new Request[1];
        var content = new Request.Content(Request.Type.CANCELLING, orderId, data, Optional.of(principal));
        Instant asked = now();
        Consumer<UUID> register = id -> sent[0] = world.requests().sent(id, content, true, asked);
        key.ifPresentOrElse(register, () -> WHEN_DRAWN.set(register));
        ExecutionResult result = run(input);
        WHEN_DRAWN.remove();
        return answered(sent[0], result);
    }

    private ExecutionResult run(ObjectNode input) {
        ObjectNode request =
                JSON.createObjectNode().put("stateMachineArn", workflowArn).put("input", input.toString());
        try {
            return workflows.startSyncExecution(request).result();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts here", e);
        }
    }

    private Answer answered(Request sent, ExecutionResult result) {
        String told = switch (result) {
            case ExecutionResult.Succeeded(String output) ->
                LedgerRows.json(output).path("state").asText();
            case ExecutionResult.Failed failed -> failed.error().orElse("Failed");
            case ExecutionResult.TimedOut _ -> "TimedOut";
        };
        world.trace().add("workflow", sent.eventId(), sent.orderId(), told);
        if (told.equals("RECORDED")) {
            world.checker().demandRecorded(sent);
        }
        if (world.faults().strikes(Fault.ANSWER_LOST)) {
            return new Answer(Status.NOTHING, NO_ID, NO_ID);
        }
        return switch (told) {
            case "RECORDED", "QUEUED" -> {
                sent.accept();
                yield new Answer(Status.OK, sent.eventId(), sent.orderId());
            }
            case "Conflict" -> {
                sent.conflict();
                yield new Answer(Status.CONFLICT, sent.eventId(), sent.orderId());
            }
            case "NotStored", "TimedOut" -> new Answer(Status.UNAVAILABLE, NO_ID, NO_ID);
            default -> throw new AssertionError("the workflow ended with " + told);
        };
    }

    private ObjectNode detail(Optional<UUID> key, ObjectNode data, String principal, int schemaVersion, String path) {
        ObjectNode detail = JSON.createObjectNode();
        key.ifPresent(id -> detail.put("eventId", id.toString()));
        detail.put("schemaVersion", schemaVersion)
                .put("requestedAt", world.time().instant().toEpochMilli())
                .put("requestId", "request-" + world.chance().nextInt(Integer.MAX_VALUE))
                .put("principal", principal)
                .put("path", path);
        detail.set("data", (JsonNode) data);
        return detail;
    }

    /** The world's time, in which a workflow now and then stands still. */
    private final class Stalling implements Passage {
        @Override
        public long nanoTime() {
            return world.time().nanoTime();
        }

        @Override
        public void sleep(Duration duration) {
            world.time().sleep(duration);
        }

        @Override
        public <T> T within(Duration limit, Callable<T> call) throws ExecutionException, TimeoutException {
            T answer = world.time().within(limit, call);
            if (world.faults().strikes(Fault.WORKFLOW_STALLED)) {
                world.time().sleep(STANDSTILL);
            }
            return answer;
        }
    }
}
