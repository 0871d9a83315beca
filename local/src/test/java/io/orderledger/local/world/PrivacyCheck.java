package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.world.LedgerRows.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Personal data is where it belongs until it is erased, and nowhere afterwards. In a world everything occurs before its customer's erasure:
 * simulated time is in the past of the database's own.
 */
final class PrivacyCheck {
    private static final List<String> PLACES = List.of(
            "select d.data::text, e.stream_id from ledger.personal_data d join ledger.event e on e.position = d.position",
            "select encode(message, 'escape'), stream_id from ledger.refused where message is not null",
            "select payload::text || metadata::text, stream_id from ledger.event",
            "select d.metadata::text, e.stream_id from ledger.duplicate d join ledger.event e on e.position = d.position",
            "select v::text, order_id from projection.orders_v1 v",
            "select v::text, order_id from projection.orders_v2 v");

    private final LedgerRows rows;
    private final Requests requests;
    private final Map<UUID, Request> stored;
    private final BiConsumer<String, Object> broken;

    PrivacyCheck(LedgerRows rows, Requests requests, Map<UUID, Request> stored, BiConsumer<String, Object> broken) {
        this.rows = rows;
        this.requests = requests;
        this.stored = stored;
        this.broken = broken;
    }

    private record Text(String text, UUID orderId) {}

    void check(List<Event> events) {
        Map<UUID, String> customers = events.stream()
                .filter(event -> event.type().equals("OrderPlaced"))
                .collect(Collectors.toMap(
                        Event::orderId,
                        event -> event.payload().at("/customer/id").asText(),
                        (first, second) -> first));
        Set<String> erased = requests.erasedCustomers();
        for (Event event : events) {
            Request request = stored.get(event.eventId());
            boolean isErased = Optional.ofNullable(customers.get(event.orderId()))
                    .filter(erased::contains)
                    .isPresent();
            Optional<JsonNode> expected =
                    request == null || isErased ? Optional.empty() : Optional.of(request.personal());
            if (!event.personal().equals(expected)) {
                broken.accept(
                        isErased ? "erased data is gone" : "personal data is kept until it is erased",
                        event.type() + " " + event.eventId() + " of order " + event.orderId());
            }
        }
        PLACES.forEach(place -> demandNoMark(place, customers));
    }

    /** A cancellation whose order was never placed is nobody's: no customer leads to it. */
    private void demandNoMark(String place, Map<UUID, String> customers) {
        List<Text> texts = rows.query(place, row -> new Text(row.getString(1), row.getObject(2, UUID.class)));
        for (String customer : requests.erasedCustomers()) {
            texts.stream()
                    .filter(text -> text.text().contains(Clients.mark(customer)))
                    .filter(text ->
                            text.text().contains("OrderPlacementRequested") || customers.containsKey(text.orderId()))
                    .forEach(text -> broken.accept(
                            "what is personal of an erased customer is nowhere", text.orderId() + " in: " + place));
        }
    }
}
