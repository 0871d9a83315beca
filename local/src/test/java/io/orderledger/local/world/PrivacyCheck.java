package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.world.Checker.Stored;
import io.orderledger.local.world.LedgerRows.Event;
import io.orderledger.local.world.LedgerRows.Refused;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Personal data is where it belongs until it is erased, and nowhere afterwards; what occurs after the erasure is kept again. Up to when a
 * customer is erased is the database's word, for which it has its own clock; that it erased at all when somebody was told so is the checker's.
 */
final class PrivacyCheck {
    private static final String MARK = "Erika(";

    /** Where nobody's personal data belongs, erased or not. */
    private static final List<String> NO_PLACES = List.of(
            "select payload::text || metadata::text, stream_id from ledger.event",
            "select d.metadata::text, e.stream_id from ledger.duplicate d join ledger.event e on e.position = d.position",
            "select detail, stream_id from ledger.refused",
            "select a.detail, r.stream_id from ledger.parked_action a join ledger.refused r using (message_digest)",
            "select v::text, order_id from projection.orders_v1 v",
            "select v::text, order_id from projection.orders_v2 v");

    private final LedgerRows rows;
    private final Requests requests;
    private final BiConsumer<String, Object> broken;
    private final Map<UUID, String> customers = new HashMap<>();

    PrivacyCheck(LedgerRows rows, Requests requests, BiConsumer<String, Object> broken) {
        this.rows = rows;
        this.requests = requests;
        this.broken = broken;
    }

    private record Text(String text, UUID orderId) {}

    void check(Collection<Stored> stored, List<Refused> refused) {
        stored.stream()
                .map(Stored::event)
                .filter(event -> event.type().equals("OrderPlaced"))
                .forEach(event -> customers.put(event.orderId(), customerIn(event.payload())));
        requests.erasedCustomers().forEach((customer, told) -> {
            if (rows.erasedAt(customer).filter(until -> !until.isBefore(told)).isEmpty()) {
                broken.accept("erased data is gone", customer + " is not erased up to " + told);
            }
        });
        stored.forEach(each -> demandKeptOrErased(each.event(), each.request()));
        refused.forEach(this::demandKeptOrRedacted);
        for (String place : NO_PLACES) {
            rows.query(place, row -> new Text(row.getString(1), row.getObject(2, UUID.class))).stream()
                    .filter(text -> text.text().contains(MARK))
                    .forEach(text ->
                            broken.accept("what is personal stays where it belongs", text.orderId() + " in: " + place));
        }
    }

    private void demandKeptOrErased(Event event, Request request) {
        boolean isErased = erasedAt(event.orderId())
                .filter(until -> !event.occurredAt().isAfter(until))
                .isPresent();
        Optional<JsonNode> expected = isErased ? Optional.empty() : request.personal();
        if (!event.personal().equals(expected)) {
            broken.accept(
                    isErased ? "erased data is gone" : "personal data is kept until it is erased",
                    event.type() + " " + event.eventId() + " of order " + event.orderId() + ", occurred at "
                            + event.occurredAt());
        }
    }

    /** A cancellation whose order was never placed is nobody's: no customer leads to it. */
    private void demandKeptOrRedacted(Refused refused) {
        Optional<Instant> ofOrder = refused.orderId().flatMap(this::erasedAt);
        Optional<Instant> ofSender = refused.eventId().stream()
                .flatMap(id -> requests.under(id).stream())
                .filter(request -> request.type() == Request.Type.PLACING)
                .flatMap(request -> rows.erasedAt(customerIn(request.data())).stream())
                .max(Instant::compareTo);
        Instant requestedAt = refused.requestedAt().orElse(Instant.MIN);
        if (refused.message().isPresent()) {
            boolean saysWhose = refused.message().get().contains("OrderPlacementRequested");
            Optional<Instant> until = saysWhose
                    ? rows.erasedAt(
                            customerIn(LedgerRows.json(refused.message().get()).at("/detail/data")))
                    : ofOrder;
            if (refused.message().get().contains(MARK)
                    && until.filter(at -> !requestedAt.isAfter(at)).isPresent()) {
                broken.accept("erased data is gone", "refused message of " + refused.eventId());
            }
        } else if (Stream.of(ofOrder, ofSender).flatMap(Optional::stream).allMatch(requestedAt::isAfter)) {
            broken.accept("only what is erased is redacted", "refused message of " + refused.eventId());
        }
    }

    private Optional<Instant> erasedAt(UUID orderId) {
        return Optional.ofNullable(customers.get(orderId)).flatMap(rows::erasedAt);
    }

    private static String customerIn(JsonNode data) {
        return data.at("/customer/id").asText();
    }
}
