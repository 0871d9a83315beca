package io.orderledger.local.world;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.world.Api.Answer;
import io.orderledger.local.world.Api.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Other services of the team, which report how far orders came: in any order, of orders that are not there yet or never will be, again, by
 * clocks of their own, and at times wrongly. And somebody who is none of them.
 */
final class Services {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_TRIES = 3;
    private static final Duration SHORT = Duration.ofMillis(1);

    private final World world;
    private final Chance chance;

    Services(World world) {
        this.world = world;
        this.chance = world.chance();
    }

    void plan(Duration within) {
        for (int i = chance.between(0, 8); i > 0; i--) {
            world.time()
                    .after(chance.nextBoolean() ? chance.duration(SHORT, within) : chance.moment(within), this::report);
        }
        if (world.faults().strikes(Fault.UNLISTED_SOURCE)) {
            world.time().after(chance.moment(within), this::forge);
        }
    }

    private void report() {
        boolean valid = chance.happens(0.95);
        Request.Content report = content(chance.pick(Request.Type.REPORTS), order());
        Optional<UUID> key = chance.happens(0.8) ? Optional.of(chance.uuid()) : Optional.empty();
        Optional<String> occurredAt = valid ? time() : Optional.of("yesterday");
        patiently(report, key, occurredAt, valid);
        if (key.isPresent() && chance.happens(0.3)) {
            // Again, as some do, and by another clock, which changes nothing.
            later(() -> world.api().report(report, key, valid ? time() : occurredAt, valid));
        }
        if (key.isPresent() && chance.happens(0.15)) {
            world.faults().noteIfOn(Fault.CONTENT_CHANGED);
            later(() -> world.api().report(content(report.type(), chance.uuid()), key, time(), true));
        }
    }

    /** Mostly of an order that somebody knows. */
    private UUID order() {
        List<UUID> known = world.requests().orders();
        return known.isEmpty() || chance.happens(0.1) ? chance.uuid() : chance.pick(known);
    }

    private Request.Content content(Request.Type type, UUID orderId) {
        Optional<String> principal = chance.happens(0.4)
                ? Optional.of("courier who knows " + Clients.mark(Clients.customer(0)))
                : Optional.empty();
        return new Request.Content(type, orderId, JSON.createObjectNode(), principal);
    }

    /** Around now: reports are late, and clocks are wrong, into the future too. */
    private Optional<String> time() {
        if (chance.happens(0.2)) {
            return Optional.empty();
        }
        Duration ago = chance.duration(SHORT, Duration.ofHours(6));
        Instant now = world.time().instant();
        Instant happened = (chance.happens(0.2) ? now.plus(ago) : now.minus(ago)).truncatedTo(ChronoUnit.MICROS);
        return Optional.of(
                happened.atOffset(ZoneOffset.ofHours(chance.between(-3, 3))).toString());
    }

    /** Without an ID of its own a report that is sent again is another one. */
    private void patiently(Request.Content report, Optional<UUID> key, Optional<String> occurredAt, boolean valid) {
        Answer answer = world.api().report(report, key, occurredAt, valid);
        for (int tries = 1; tries < MAX_TRIES && answer.status() != Status.OK; tries++) {
            world.time().sleep(chance.duration(Duration.ofMillis(100), Duration.ofMinutes(10)));
            answer = world.api().report(report, key, occurredAt, valid);
        }
    }

    /** Of a source that is not listed, or a listed one that places an order, as only the API may. */
    private void forge() {
        if (chance.nextBoolean()) {
            world.api().forge(content(chance.pick(Request.Type.REPORTS), order()), chance.uuid());
            return;
        }
        ObjectNode data = JSON.createObjectNode().put("currency", "EUR");
        data.putObject("customer").put("id", Clients.customer(0));
        data.putArray("items")
                .addObject()
                .put("sku", "sku-1")
                .put("quantity", 1)
                .put("unitPrice", 1);
        UUID key = chance.uuid();
        world.api().forge(new Request.Content(Request.Type.PLACING, key, data, Optional.empty()), key);
    }

    private void later(Runnable action) {
        world.time().after(chance.duration(SHORT, Duration.ofHours(3)), action);
    }
}
