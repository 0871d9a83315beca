package io.orderledger.local.world;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.BatchEvent;
import io.orderledger.ledger.BatchRefused;
import io.orderledger.ledger.BatchResult;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.NewEvent;
import io.orderledger.ledger.OnRefusal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Events that somebody imports as one batch: new ones, some that the batch has already, and at times one that contradicts what is recorded. All
 * of them, or none.
 */
final class Batch {
    private static final ObjectNode METADATA =
            JsonNodeFactory.instance.objectNode().put("path", "import");

    private final World world;
    private final Chance chance;
    private final List<Request> requests = new ArrayList<>();
    private final List<BatchEvent> events = new ArrayList<>();

    Batch(World world) {
        this.world = world;
        this.chance = world.chance();
        Clients clients = world.clients();
        UUID last = chance.uuid();
        for (int i = chance.between(1, 6); i > 0; i--) {
            UUID eventId = chance.uuid();
            if (requests.isEmpty() || chance.nextBoolean()) {
                last = eventId;
                String customer =
                        Clients.customer(chance.nextInt(clients.customers().size()));
                add(
                        eventId,
                        new Request.Content(
                                Request.Type.PLACING, last, clients.placing(customer, true), principal(customer)));
            } else {
                Request.Type type =
                        chance.pick(List.of(Request.Type.CANCELLING, Request.Type.PREPARED, Request.Type.DELIVERED));
                add(eventId, new Request.Content(type, last, JsonNodeFactory.instance.objectNode(), Optional.empty()));
            }
        }
        if (chance.happens(0.3)) {
            Request again = chance.pick(List.copyOf(requests));
            add(again.eventId(), again.content());
        }
        List<UUID> known = world.requests().eventIds();
        if (chance.happens(0.2)) {
            world.faults().noteIfOn(Fault.CONTENT_CHANGED);
            add(
                    chance.pick(known),
                    new Request.Content(
                            Request.Type.DELIVERED,
                            chance.uuid(),
                            JsonNodeFactory.instance.objectNode(),
                            Optional.empty()));
        }
    }

    private static Optional<String> principal(String customer) {
        return Optional.of("user of " + Clients.mark(customer));
    }

    private void add(UUID eventId, Request.Content content) {
        Instant occurredAt = world.time().instant().truncatedTo(ChronoUnit.MILLIS);
        Request request = world.requests().sent(eventId, content, true, occurredAt);
        requests.add(request);
        int schemaVersion = content.type() == Request.Type.PLACING ? 2 : 1;
        events.add(new BatchEvent(
                new NewEvent(
                        eventId,
                        content.orderId(),
                        content.type().event(),
                        (short) schemaVersion,
                        request.payload(),
                        request.personal().map(ObjectNode.class::cast),
                        METADATA,
                        occurredAt),
                new ExpectedVersion.Any()));
    }

    /** Records all of it, or nothing. */
    void append(Ledger ledger) {
        int before = recorded();
        try {
            List<BatchResult> results = ledger.appendAll(events, OnRefusal.APPEND_NOTHING);
            requests.forEach(Request::accept);
            if (results.size() != events.size()
                    || recorded() < requests.stream().distinct().count()) {
                world.checker().broken("a batch is recorded as a whole", requests);
            }
        } catch (BatchRefused e) {
            world.trace().add("batch refused");
            if (recorded() != before) {
                world.checker().broken("of a batch that is refused nothing is recorded", requests);
            }
        }
    }

    private int recorded() {
        return (int) requests.stream()
                .map(Request::eventId)
                .distinct()
                .filter(world::isRecorded)
                .count();
    }
}
