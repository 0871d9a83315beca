package io.orderledger.local.bus;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.bus.PutEventsResult.Entry;
import io.orderledger.local.bus.TargetDelivery.Route;
import io.orderledger.local.definitions.BusDefinition;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.RuleDefinition;
import io.orderledger.local.definitions.TargetDefinition;
import io.orderledger.local.deliveries.Deliveries;
import io.orderledger.local.deliveries.Delivery;
import io.orderledger.local.deliveries.DeliveryQueueFull;
import io.orderledger.local.deliveries.DeliveryStorage;
import io.orderledger.local.deliveries.Surroundings;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.queues.QueueSender;
import io.orderledger.local.storage.MapFileUnusable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event buses of a stack and their rules. Entries are taken from the beginning and delivered from {@link #resume()} on.
 * Thread-safe.
 */
public final class EventBus implements AutoCloseable {

    /** How many deliveries may wait; PutEvents answers ThrottlingException beyond. */
    private static final int MAXIMUM_WAITING = 1_000_000;

    private static final int MAXIMUM_AT_ONCE = 16;
    private static final String LAMBDA_ARN_PREFIX = "arn:aws:lambda:";
    private static final Logger LOG = LoggerFactory.getLogger(EventBus.class);

    private final PutEventsRules entryRules = new PutEventsRules();
    private final Map<String, String> busNamesByArn = new HashMap<>();
    private final Rules rules;
    private final Envelope envelope;
    private final TargetDelivery delivery;
    private final Deliveries queue;
    private final Surroundings surroundings;
    private volatile Listener listener = new Listener("", event -> {});

    /**
     * Makes the buses ready to take events.
     *
     * @throws DefinitionException where a pattern is not valid, or a target or its dead-letter queue cannot be served here
     */
    public EventBus(
            String region,
            String accountId,
            List<BusDefinition> buses,
            List<RuleDefinition> rules,
            DeliveryStorage store,
            Functions functions,
            QueueSender queues,
            Surroundings surroundings) {
        buses.forEach(bus -> busNamesByArn.put(bus.arn(), bus.name()));
        this.rules = new Rules(rules);
        this.envelope = new Envelope(region, accountId);
        this.delivery = new TargetDelivery(routes(rules, queues), functions, queues, surroundings);
        this.surroundings = surroundings;
        this.queue = store.queue("events", MAXIMUM_WAITING, MAXIMUM_AT_ONCE, surroundings.clock());
    }

    /**
     * Has somebody told of each event of a source that is taken, before the call that brought it is answered; in place of an earlier one.
     *
     * @param heard gets the event as a rule's target gets it; what it throws is logged, and keeps no event from being taken
     */
    public void listen(String source, Consumer<String> heard) {
        listener = new Listener(source, heard);
    }

    private record Listener(String source, Consumer<String> heard) {
        void tell(String event) {
            try {
                heard.accept(event);
            } catch (RuntimeException e) {
                LOG.warn("an event of {} was not heard", source, e);
            }
        }
    }

    /** Begins to deliver, what earlier runs left included. Called once. */
    public void resume() {
        queue.start(delivery::attempt);
    }

    /**
     * Takes events. When it returns, every accepted entry is on disk for each target it matched.
     *
     * @param request the body of the call, as parsed JSON
     * @throws PutEventsRefused where the call is refused as a whole
     */
    public PutEventsResult putEvents(JsonNode request) {
        List<PutEventsEntry> entries = entryRules.entries(request);
        var results = new ArrayList<Entry>();
        var deliveries = new ArrayList<Delivery>();
        var heard = new ArrayList<String>();
        for (PutEventsEntry entry : entries) {
            Entry result = entryRules
                    .refusal(entry)
                    .<Entry>map(refused -> refused)
                    .orElseGet(() -> accept(entry, deliveries, heard));
            results.add(result);
        }
        try {
            queue.add(deliveries);
            heard.forEach(listener::tell);
            return new PutEventsResult(results);
        } catch (DeliveryQueueFull e) {
            return allRefused(results, "ThrottlingException", "Too many events wait for delivery.");
        } catch (MapFileUnusable e) {
            LOG.error("events could not be stored", e);
            return allRefused(results, "InternalFailure", "The event could not be stored.");
        }
    }

    /** How many deliveries wait or are under way. */
    public int waiting() {
        return queue.size();
    }

    /** Stops delivering; what is not done goes on after the next start. */
    @Override
    public void close() {
        queue.close();
    }

    private Entry.Accepted accept(PutEventsEntry entry, List<Delivery> deliveries, List<String> heard) {
        String eventId = surroundings.ids().get().toString();
        Instant now = surroundings.clock().instant();
        String event = envelope.of(
                eventId,
                entry.source().orElseThrow(),
                entry.detailType().orElseThrow(),
                entry.detail().orElseThrow(),
                entry.resources(),
                entry.time().orElse(now));
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        String busName = busNamesByArn.getOrDefault(entry.busName(), entry.busName());
        for (RuleDefinition rule : rules.matching(busName, event)) {
            for (TargetDefinition target : rule.targets()) {
                deliveries.add(Delivery.fresh(Route.key(rule.arn(), target.id()), eventId, bytes, now));
            }
        }
        if (entry.source().orElseThrow().equals(listener.source())) {
            heard.add(event);
        }
        return new Entry.Accepted(eventId);
    }

    private static PutEventsResult allRefused(List<Entry> results, String errorCode, String message) {
        return new PutEventsResult(results.stream()
                .map(result -> result instanceof Entry.Refused ? result : new Entry.Refused(errorCode, message))
                .toList());
    }

    private static Map<String, Route> routes(List<RuleDefinition> rules, QueueSender queues) {
        var routes = new HashMap<String, Route>();
        for (RuleDefinition rule : rules) {
            for (TargetDefinition target : rule.targets()) {
                if (!target.arn().startsWith(LAMBDA_ARN_PREFIX)) {
                    throw new DefinitionException(
                            target.location(), "only functions can be targets here, not " + target.arn());
                }
                target.deadLetterQueueArn().filter(arn -> !queues.exists(arn)).ifPresent(arn -> {
                    throw new DefinitionException(
                            target.location(), "the dead-letter queue " + arn + " is none of the queues");
                });
                var route = new Route(rule, target);
                routes.put(route.key(), route);
            }
        }
        return routes;
    }
}
