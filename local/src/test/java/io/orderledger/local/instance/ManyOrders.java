package io.orderledger.local.instance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.BatchEvent;
import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.NewEvent;
import io.orderledger.ledger.OnRefusal;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Upkeep;
import io.orderledger.projections.registered.RegisteredProjections;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;

/** A ledger with many orders, of which a third is cancelled, some of them much later; sealed and caught up. */
final class ManyOrders {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration MAX_UPKEEP = Duration.ofMinutes(2);

    private ManyOrders() {}

    /** Fills it over connections as {@code ledger_recorder}. */
    static void append(DataSource recorder, int orders, Random random) {
        Ledger ledger = new Ledger(recorder);
        Deque<UUID> toCancel = new ArrayDeque<>();
        List<BatchEvent> batch = new ArrayList<>();
        for (int number = 0; number < orders; number++) {
            UUID order = new UUID(random.nextLong(), random.nextLong());
            batch.add(event(order, EventTypes.ORDER_PLACED, placing(number), number));
            if (number % 3 == 0) {
                toCancel.add(order);
            }
            if (number % 3 == 1 && toCancel.size() > orders / 20) {
                batch.add(event(
                        toCancel.remove(), EventTypes.ORDER_CANCELLED, JsonNodeFactory.instance.objectNode(), number));
            }
            if (batch.size() + 1 >= Ledger.MAX_EVENTS_PER_BATCH) {
                ledger.appendAll(batch, OnRefusal.APPEND_NOTHING);
                ledger.seal();
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            ledger.appendAll(batch, OnRefusal.APPEND_NOTHING);
        }
        if (!new Upkeep(ledger, new CatchUp(recorder), RegisteredProjections.ALL).run(MAX_UPKEEP)) {
            throw new AssertionError("Not caught up within " + MAX_UPKEEP);
        }
    }

    /** An order that no query can read: its quantity is no number. */
    static UUID appendUnreadable(DataSource recorder) {
        UUID order = UUID.randomUUID();
        ObjectNode payload = placing(0);
        ((ObjectNode) payload.at("/items/0")).put("quantity", "secret");
        new Ledger(recorder)
                .append(event(order, EventTypes.ORDER_PLACED, payload, 0).event(), new ExpectedVersion.Any());
        return order;
    }

    private static ObjectNode placing(int number) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode().put("currency", "GBP");
        payload.putObject("customer").put("id", "customer-" + number % 50);
        payload.putArray("items")
                .addObject()
                .put("sku", "margherita")
                .put("quantity", 1 + number % 4)
                .put("unitPrice", 950);
        return payload;
    }

    private static BatchEvent event(UUID order, String type, ObjectNode payload, int number) {
        NewEvent event = new NewEvent(
                UUID.randomUUID(),
                order,
                type,
                (short) 1,
                payload,
                Optional.empty(),
                JsonNodeFactory.instance.objectNode(),
                NOON.minusSeconds(number));
        return new BatchEvent(event, new ExpectedVersion.Any());
    }
}
