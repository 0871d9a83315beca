package io.orderledger.local.world;

import io.orderledger.local.deliveries.Attempt;
import io.orderledger.local.deliveries.Deliveries;
import io.orderledger.local.deliveries.Delivery;
import io.orderledger.local.deliveries.DeliveryQueue;
import io.orderledger.local.deliveries.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A queue of deliveries in simulated time: late, out of order, twice. What its owner decides after an attempt is carried out to the letter. */
final class SimulatedDeliveries implements Deliveries {
    private static final Duration LEAST_DELAY = Duration.ofMillis(5);
    private static final Duration USUAL_DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_DELAY = Duration.ofHours(24);

    private final String name;
    private final World world;
    private final List<Delivery> archive = new ArrayList<>();
    private Attempt attempt;
    private int waiting;

    SimulatedDeliveries(String name, World world) {
        this.name = name;
        this.world = world;
    }

    /** The service cannot take anything now. */
    static final class Away extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Away() {
            super("the service is away");
        }
    }

    private boolean isBus() {
        return name.equals("events");
    }

    @Override
    public void start(Attempt how) {
        this.attempt = how;
    }

    @Override
    public int size() {
        return waiting;
    }

    @Override
    public void add(List<Delivery> deliveries) {
        if (!isBus() && world.faults().strikes(Fault.INVOCATION_REFUSED)) {
            throw new Away();
        }
        for (Delivery delivery : deliveries) {
            if (isBus() && world.mutates(Mutation.BUS_LOSES_MESSAGES, 0.2)) {
                continue;
            }
            if (isBus()) {
                archive.add(delivery);
            }
            plan(altered(delivery), delay());
            if (world.faults().strikes(Fault.DELIVERY_DUPLICATED)) {
                plan(renamed(delivery), delay());
            }
        }
    }

    /**
     * Delivers again what an archive has kept, some of it or all, in any order: as EventBridge does, with a name of the replay in each event.
     */
    void replayArchive(String name) {
        for (Delivery kept : List.copyOf(archive)) {
            if (world.chance().happens(0.7)) {
                String event = "{\"replay-name\":\"" + name + "\"," + text(kept).substring(1);
                Delivery again = Delivery.fresh(
                        kept.destination(),
                        kept.id(),
                        event.getBytes(StandardCharsets.UTF_8),
                        world.time().instant());
                plan(again, world.chance().duration(LEAST_DELAY, Duration.ofHours(1)));
            }
        }
    }

    private Duration delay() {
        if (isBus() && world.faults().strikes(Fault.DELIVERY_DELAYED)) {
            return world.chance().duration(USUAL_DELAY, MAX_DELAY);
        }
        return world.chance().duration(LEAST_DELAY, USUAL_DELAY);
    }

    private void plan(Delivery delivery, Duration delay) {
        waiting++;
        world.time().after(delay, () -> attempt(delivery));
    }

    private void attempt(Delivery delivery) {
        waiting--;
        Outcome outcome;
        try {
            outcome = attempt.attempt(delivery);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts here", e);
        } catch (RuntimeException e) {
            // As DeliveryQueue does when the attempt itself broke.
            outcome =
                    new Outcome.Again(delivery.deferred(delivery.lastAnswer()), DeliveryQueue.UNEXPECTED_FAILURE_DELAY);
        }
        if (outcome instanceof Outcome.Again(Delivery next, Duration delay)) {
            plan(renamed(next), delay);
        }
    }

    private Delivery altered(Delivery delivery) {
        return isBus() && world.mutates(Mutation.BUS_ALTERS_MESSAGES, 0.2)
                ? with(delivery, text(delivery).replaceFirst("\"quantity\":\\d", "\"quantity\":7"))
                : delivery;
    }

    private Delivery renamed(Delivery delivery) {
        if (!world.mutates(Mutation.REDELIVERY_HAS_NEW_ID, 1)) {
            return delivery;
        }
        UUID id = world.chance().uuid();
        return with(
                delivery,
                text(delivery)
                        .replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"" + id + '"')
                        .replaceFirst("\"eventId\":\"[^\"]*\"", "\"eventId\":\"" + id + '"'));
    }

    private static String text(Delivery delivery) {
        return new String(delivery.payload(), StandardCharsets.UTF_8);
    }

    private static Delivery with(Delivery delivery, String payload) {
        return new Delivery(
                delivery.destination(),
                delivery.id(),
                payload.getBytes(StandardCharsets.UTF_8),
                delivery.acceptedAt(),
                delivery.attempts(),
                delivery.deferrals(),
                delivery.lastAnswer());
    }

    @Override
    public void close() {
        // Nothing is kept outside of the world.
    }
}
