package io.orderledger.handlers.listorders;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.Fate;
import io.orderledger.ledger.RecordedEvent;
import io.orderledger.projections.Heights;
import io.orderledger.projections.orders.ListedOrder;
import io.orderledger.projections.orders.OrderCursor;
import io.orderledger.projections.orders.OrderPage;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of the API's answers. Numbers are numbers; times are RFC 3339 in UTC, always with six digits of the second's fraction, so
 * that they sort as text and lose nothing of what the database keeps.
 */
final class Bodies {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** Who asked is kept for auditors; it is not part of what was asked. */
    private static final String PRINCIPAL = "principal";

    private Bodies() {}

    static ObjectNode page(OrderPage page) {
        ObjectNode body = ListOrders.JSON.createObjectNode();
        ArrayNode orders = body.putArray("orders");
        page.orders().forEach(order -> orders.add(order(order)));
        return body.put("next", page.next().map(OrderCursor::toText).orElse(null));
    }

    /** A page as of a block; the next one is as of the same block, whatever is sealed meanwhile. */
    static ObjectNode page(OrderPage page, AsOf asked, Heights.Block block) {
        ObjectNode body = page(page);
        body.put(
                "next",
                page.next()
                        .map(place -> new PageCursor.AsOfBlock(place, block.height(), asked).toText())
                        .orElse(null));
        return withBlock(body, block);
    }

    static ObjectNode order(ListedOrder order, Heights.Block block) {
        return withBlock(order(order), block);
    }

    private static ObjectNode withBlock(ObjectNode body, Heights.Block block) {
        body.putObject(AsOf.NAME)
                .put("block", block.height())
                .put("sealedAt", block.sealedAt().map(Bodies::time).orElse(null));
        return body;
    }

    static ObjectNode order(ListedOrder order) {
        ObjectNode body = ListOrders.JSON
                .createObjectNode()
                .put("orderId", order.orderId().toString())
                .put("status", order.status().name())
                .put("cancellationRefused", order.cancellationRefused())
                .put("channel", order.channel().orElse(null))
                .put("customerId", order.customerId())
                .put("currency", order.currency())
                .put("total", order.total());
        body.set("items", order.items());
        return body.put("placedAt", time(order.placedAt()))
                .put("preparedAt", time(order.preparedAt()))
                .put("dispatchedAt", time(order.dispatchedAt()))
                .put("deliveredAt", time(order.deliveredAt()))
                .put("cancelledAt", time(order.cancelledAt()))
                .put("version", order.version());
    }

    /** As recorded: whoever looks at history wants to see what was written, and the digest is of that. */
    static ObjectNode history(UUID orderId, List<RecordedEvent> events) {
        ObjectNode body = ListOrders.JSON.createObjectNode().put("orderId", orderId.toString());
        ArrayNode array = body.putArray("events");
        events.forEach(event -> array.add(event(event)));
        return body;
    }

    private static ObjectNode event(RecordedEvent event) {
        ObjectNode body = ListOrders.JSON
                .createObjectNode()
                .put("eventId", event.eventId().toString())
                .put("type", event.type())
                .put("schemaVersion", event.schemaVersion())
                .put("version", event.version())
                .put("occurredAt", time(event.occurredAt()))
                .put("recordedAt", time(event.recordedAt()));
        body.set("payload", joined(event));
        body.put("position", event.position());
        if (event.block().isPresent()) {
            body.put("block", event.block().getAsLong());
        } else {
            body.putNull("block");
        }
        return body.put("digest", event.digest().hex());
    }

    private static ObjectNode joined(RecordedEvent event) {
        ObjectNode joined = event.payload().deepCopy();
        event.personalData()
                .ifPresent(personal -> merge(joined, personal.deepCopy().without(PRINCIPAL)));
        return joined;
    }

    /** Objects on both sides are merged field by field; the two parts of an event share nothing else. */
    private static void merge(ObjectNode into, ObjectNode from) {
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            if (into.get(field.getKey()) instanceof ObjectNode inner && field.getValue() instanceof ObjectNode more) {
                merge(inner, more);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }

    private static @Nullable String time(Optional<Instant> instant) {
        return instant.map(Bodies::time).orElse(null);
    }

    /** Whether nothing more will happen under the event ID by itself. */
    static boolean isDecided(Fate fate) {
        return fate.recorded().isPresent() || !fate.refusals().isEmpty();
    }

    /** What became of a request; never what it said, nor which names of fields its sender made up. */
    static ObjectNode request(UUID eventId, Fate fate) {
        ObjectNode body = ListOrders.JSON.createObjectNode().put("eventId", eventId.toString());
        if (fate.recorded().isPresent()) {
            Fate.Event event = fate.recorded().get();
            body.put("state", "RECORDED")
                    .put("orderId", event.orderId().toString())
                    .put("type", event.type())
                    .put("version", event.version())
                    .put("position", event.position())
                    .put("recordedAt", time(event.recordedAt()));
            if (event.block().isPresent()) {
                body.put("block", event.block().getAsLong());
            } else {
                body.putNull("block");
            }
            return body.put("refusedRequests", fate.refusals().size());
        }
        if (!fate.refusals().isEmpty()) {
            Fate.Refusal latest = fate.refusals().getFirst();
            return body.put("state", "REFUSED")
                    .put("reason", latest.reason().name())
                    .put("refusedAt", time(latest.refusedAt()))
                    .put("refusedRequests", fate.refusals().size());
        }
        return body.put("state", "NOT_RECORDED");
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }
}
