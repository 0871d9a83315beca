package io.orderledger.local.world;

import io.orderledger.ledger.verify.Verification;
import io.orderledger.ledger.verify.Verifier;
import io.orderledger.local.world.LedgerRows.Event;
import io.orderledger.local.world.LedgerRows.Refused;
import io.orderledger.local.world.Violation.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Compares what everybody was told with what is there. It knows the promises, and nothing of how they are kept. */
final class Checker {
    private final World world;
    private final LedgerRows rows;
    private final Requests requests;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<UUID> lost = new HashSet<>();
    private final Set<UUID> doubled = new HashSet<>();

    Checker(World world, LedgerRows rows, Requests requests) {
        this.world = world;
        this.rows = rows;
        this.requests = requests;
    }

    /** What is answered RECORDED is in the ledger when it is answered. */
    void demandRecorded(Request request) {
        if (!rows.isRecorded(request.eventId())) {
            lost.add(request.eventId());
            broken("a cancellation that is answered RECORDED is in the ledger", request);
        }
    }

    /** To be called once the world has settled. */
    List<Finding> check() {
        List<Event> events = rows.events();
        List<Refused> refused = rows.refused();
        Map<UUID, Request> stored = stored(events);
        requests.all().values().stream().flatMap(List::stream).forEach(request -> demandKept(request, stored, refused));
        refused.forEach(each -> demandReason(each, stored));
        events.forEach(event -> demandDuplicatesNoted(event, stored));
        new PrivacyCheck(rows, requests, stored, this::broken).check(events);
        OrderFold.VIEWS.forEach(view -> compareList(events, view));
        new ViewCheck(world, rows, this::broken).check();
        verify();
        return List.copyOf(findings);
    }

    Set<UUID> lost() {
        return lost;
    }

    Set<UUID> doubled() {
        return doubled;
    }

    /** Notes a broken promise, with what happened to whatever it names. */
    void broken(String promise, Object what) {
        String text = what.toString();
        List<String> ids = text.transform(UUIDS::matcher)
                .results()
                .map(found -> found.group())
                .toList();
        findings.add(new Finding(
                promise, text, ids.isEmpty() ? List.of() : world.trace().about(ids)));
    }

    private static final java.util.regex.Pattern UUIDS =
            java.util.regex.Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** Which request each event is; whatever nobody asked for is one too many. */
    private Map<UUID, Request> stored(List<Event> events) {
        Map<UUID, Request> stored = new HashMap<>();
        Set<UUID> seen = new HashSet<>();
        for (Event event : events) {
            if (!seen.add(event.eventId())) {
                doubled.add(event.eventId());
                broken("an event is in the ledger once", event.eventId());
            }
            if (event.type().equals("PersonalDataErased")) {
                continue;
            }
            Optional<Request> request = requests.all().getOrDefault(event.eventId(), List.of()).stream()
                    .filter(each -> each.type().event().equals(event.type())
                            && each.orderId().equals(event.orderId())
                            && each.payload().equals(event.payload())
                            && each.sentAt().contains(event.occurredAt())
                            && each.isValid()
                            && event.personal().map(each.personal()::equals).orElse(true))
                    .findFirst();
            if (request.isPresent()) {
                stored.put(event.eventId(), request.get());
            } else {
                doubled.add(event.eventId());
                broken(
                        "nothing is in the ledger that was not asked for",
                        event.type() + " " + event.eventId() + " of order " + event.orderId());
            }
        }
        return stored;
    }

    private void demandKept(Request request, Map<UUID, Request> stored, List<Refused> refused) {
        Request inLedger = stored.get(request.eventId());
        boolean told = request.isAccepted() || request.isConflicted();
        if (!told || inLedger == request || isTheSameOnceErased(request, inLedger)) {
            return;
        }
        String reason = request.isValid() ? "CONFLICT" : "INVALID";
        boolean onRecord = refused.stream()
                .anyMatch(each ->
                        each.eventId().filter(request.eventId()::equals).isPresent()
                                && each.reason().equals(reason)
                                && each.message()
                                        .map(message -> requests.matching(message)
                                                .filter(request::equals)
                                                .isPresent())
                                        .orElse(true));
        if (!onRecord) {
            lost.add(request.eventId());
            broken("what was answered 200 is in the ledger, or refused on record", request);
        } else if (request.isValid() && inLedger == null) {
            broken("a conflict is with something that is in the ledger", request);
        }
    }

    /** Without their personal data two requests cannot be told apart any more. */
    private boolean isTheSameOnceErased(Request request, Request inLedger) {
        return inLedger != null
                && inLedger.type() == request.type()
                && inLedger.orderId().equals(request.orderId())
                && inLedger.payload().equals(request.payload())
                && requests.erasedCustomers().stream()
                        .anyMatch(customer -> request.personal().toString().contains(Clients.mark(customer)));
    }

    private void demandReason(Refused refused, Map<UUID, Request> stored) {
        UUID eventId = refused.eventId().orElse(null);
        if (eventId == null || !requests.all().containsKey(eventId)) {
            broken("only what somebody sent is refused", refused.reason() + " " + eventId);
            return;
        }
        refused.message().ifPresent(message -> {
            Optional<Request> request = requests.matching(message);
            boolean justly = request.isPresent()
                    && (refused.reason().equals("INVALID")
                            ? !request.get().isValid()
                            : stored.get(eventId) != request.get());
            if (!justly) {
                broken("only what is invalid or in conflict is refused", refused.reason() + " " + eventId);
            }
        });
    }

    private void demandDuplicatesNoted(Event event, Map<UUID, Request> stored) {
        Request request = stored.get(event.eventId());
        if (request != null && request.acknowledged() > event.duplicates() + 1) {
            broken(
                    "each further delivery is noted",
                    request + " was delivered " + request.acknowledged() + " times, with " + event.duplicates()
                            + " noted");
        }
    }

    private void compareList(List<Event> events, String view) {
        Map<UUID, OrderFold.Row> expected = OrderFold.of(events);
        Map<UUID, OrderFold.Row> seen = OrderFold.seen(rows, view);
        Set<UUID> orders = new HashSet<>(expected.keySet());
        orders.addAll(seen.keySet());
        orders.stream()
                .filter(order -> !Optional.ofNullable(expected.get(order)).equals(Optional.ofNullable(seen.get(order))))
                .forEach(order -> broken(
                        "the list says what follows from the events",
                        view + ": order " + order + " is " + seen.get(order) + " and not " + expected.get(order)));
    }

    private void verify() {
        Verification verification =
                new Verifier(world.database().as("ledger_auditor"), 1, Optional.empty()).verify((_, _) -> {});
        verification.finding().ifPresent(finding -> broken("the ledger verifies", finding));
    }
}
