package io.orderledger.local.world;

import io.orderledger.ledger.verify.Verification;
import io.orderledger.ledger.verify.Verifier;
import io.orderledger.local.world.LedgerRows.Decision;
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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Compares what everybody was told with what is there. It knows the promises, and nothing of how they are kept. */
final class Checker {
    private static final Pattern UUIDS =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

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
        List<Decision> decisions = rows.decisions();
        Map<UUID, Stored> stored = stored(events);
        requests.all().values().stream()
                .flatMap(List::stream)
                .forEach(request ->
                        demandKept(request, Optional.ofNullable(stored.get(request.eventId())), refused, decisions));
        refused.forEach(each -> demandReason(each, stored));
        stored.values().forEach(this::demandDuplicatesNoted);
        new PrivacyCheck(rows, requests, this::broken).check(stored.values(), refused);
        new ViewCheck(world, rows, this::broken).check(events);
        world.readers().check(events, this::broken);
        world.consumers().check(events, this::broken);
        world.deciders().check(decisions, this::broken);
        verify();
        return List.copyOf(findings);
    }

    /** An event, and the request that it is. */
    record Stored(Event event, Request request) {}

    Set<UUID> lost() {
        return lost;
    }

    Set<UUID> doubled() {
        return doubled;
    }

    /** Notes a broken promise, with what happened to whatever it names. */
    void broken(String promise, Object what) {
        String text = what.toString();
        List<String> ids = UUIDS.matcher(text).results().map(MatchResult::group).toList();
        findings.add(new Finding(
                promise, text, ids.isEmpty() ? List.of() : world.trace().about(ids)));
    }

    /** Which request each event is; whatever nobody asked for is one too many. */
    private Map<UUID, Stored> stored(List<Event> events) {
        Map<UUID, Stored> stored = new HashMap<>();
        Set<UUID> seen = new HashSet<>();
        for (Event event : events) {
            if (!seen.add(event.eventId())) {
                doubled.add(event.eventId());
                broken("an event is in the ledger once", event.eventId());
            }
            if (event.type().equals("PersonalDataErased")) {
                continue;
            }
            Optional<Request> request = requests.under(event.eventId()).stream()
                    .filter(each -> isOf(event, each))
                    .findFirst();
            if (request.isPresent()) {
                stored.put(event.eventId(), new Stored(event, request.get()));
            } else {
                doubled.add(event.eventId());
                broken(
                        "nothing is in the ledger that was not asked for",
                        event.type() + " " + event.eventId() + " of order " + event.orderId());
            }
        }
        return stored;
    }

    private static boolean isOf(Event event, Request request) {
        return request.type().event().equals(event.type())
                && request.orderId().equals(event.orderId())
                && request.payload().equals(event.payload())
                && request.occurred(event.occurredAt(), event.recordedAt())
                && request.isValid()
                && (event.personal().isEmpty() || event.personal().equals(request.personal()));
    }

    private void demandKept(Request request, Optional<Stored> stored, List<Refused> refused, List<Decision> decisions) {
        boolean told = request.isAccepted() || request.isConflicted();
        if (!told || stored.filter(found -> isKeptAs(request, found)).isPresent()) {
            return;
        }
        List<Refused> onRecord = refused.stream()
                .filter(each -> each.eventId().filter(request.eventId()::equals).isPresent())
                .filter(each -> each.message().isEmpty()
                        || requests.matching(each.message().get())
                                .filter(request::equals)
                                .isPresent())
                .toList();
        boolean justly = onRecord.stream().anyMatch(each -> switch (each.reason()) {
            case "INVALID" -> !request.isValid();
            case "CONFLICT" -> request.isValid() && stored.isPresent();
            default ->
                decisions.stream()
                        .anyMatch(done -> done.messageId().equals(each.id())
                                && done.outcome().equals("DROPPED"));
        });
        if (!justly) {
            lost.add(request.eventId());
            broken("what was answered 200 is in the ledger, or refused on record", request);
        }
    }

    /** Without their personal data two requests cannot be told apart any more. */
    private static boolean isKeptAs(Request request, Stored stored) {
        return stored.request() == request
                || (stored.event().personal().isEmpty()
                        && stored.request().personal().isPresent()
                        && stored.request().isSameButForPersonalData(request));
    }

    private void demandReason(Refused refused, Map<UUID, Stored> stored) {
        UUID eventId = refused.eventId().orElse(null);
        if (eventId == null || requests.under(eventId).isEmpty()) {
            broken("only what somebody sent is refused", refused.reason() + " " + eventId);
            return;
        }
        refused.message().ifPresent(message -> {
            Optional<Request> request = requests.matching(message);
            boolean justly = request.isPresent()
                    && switch (refused.reason()) {
                        case "INVALID" -> !request.get().isValid();
                        case "CONFLICT" ->
                            stored.get(eventId) == null || stored.get(eventId).request() != request.get();
                        default -> world.databaseFaults().wasPoisoned(eventId);
                    };
            if (!justly) {
                broken("only what is invalid, in conflict or failing is refused", refused.reason() + " " + eventId);
            }
        });
    }

    private void demandDuplicatesNoted(Stored stored) {
        Request request = stored.request();
        if (request.acknowledged() > stored.event().duplicates() + 1) {
            broken(
                    "each further delivery is noted",
                    request + " was delivered " + request.acknowledged() + " times, with "
                            + stored.event().duplicates() + " noted");
        }
    }

    private void verify() {
        Verification verification = new Verifier(
                        world.database().as("ledger_auditor"),
                        1,
                        Optional.of(world.operators().exportedHeads()))
                .verify((_, _) -> {});
        verification.finding().ifPresent(finding -> broken("the ledger verifies", finding));
    }
}
