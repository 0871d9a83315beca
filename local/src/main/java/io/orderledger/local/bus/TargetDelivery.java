package io.orderledger.local.bus;

import io.orderledger.local.definitions.RuleDefinition;
import io.orderledger.local.definitions.TargetDefinition;
import io.orderledger.local.deliveries.Delivery;
import io.orderledger.local.deliveries.DeliveryQueue;
import io.orderledger.local.deliveries.Outcome;
import io.orderledger.local.deliveries.Surroundings;
import io.orderledger.local.functions.FunctionUnavailable;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.queues.QueueSender;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to function targets. A delivery is done when the function's own asynchronous queue has it: what the
 * function then throws is never the rule's concern, as on AWS.
 */
final class TargetDelivery {

    private static final String EVENTBRIDGE = "events.amazonaws.com";
    private static final Logger LOG = LoggerFactory.getLogger(TargetDelivery.class);

    /** Where a delivery goes: a target of a rule. */
    record Route(RuleDefinition rule, TargetDefinition target) {
        /** The route in one text, as deliveries keep it; target IDs hold no {@code #}. */
        String key() {
            return key(rule.arn(), target.id());
        }

        static String key(String ruleArn, String targetId) {
            return ruleArn + "#" + targetId;
        }
    }

    private final Map<String, Route> routes;
    private final Functions functions;
    private final QueueSender queues;
    private final Surroundings surroundings;

    TargetDelivery(Map<String, Route> routes, Functions functions, QueueSender queues, Surroundings surroundings) {
        this.routes = Map.copyOf(routes);
        this.functions = functions;
        this.queues = queues;
        this.surroundings = surroundings;
    }

    Outcome attempt(Delivery delivery) {
        Route route = routes.get(delivery.destination());
        if (route == null) {
            // The template changed between two runs. AWS would drop the event; here it waits for its target.
            LOG.warn("event {} waits: {} is no longer defined", delivery.id(), delivery.destination());
            return new Outcome.Again(
                    delivery.deferred(delivery.lastAnswer()), DeliveryQueue.UNDEFINED_DESTINATION_DELAY);
        }
        TargetDefinition target = route.target();
        if (!functions.exists(target.arn())) {
            return bury(route, delivery, "NO_RESOURCE", "The target " + target.arn() + " does not exist.");
        }
        if (!functions.permits(target.arn(), EVENTBRIDGE, route.rule().arn())) {
            return bury(
                    route,
                    delivery,
                    "NO_PERMISSIONS",
                    "The target " + target.arn() + " does not permit " + EVENTBRIDGE + " to invoke it for the rule.");
        }
        try {
            functions.invokeAsync(target.arn(), delivery.payload());
            return Outcome.DONE;
        } catch (FunctionUnavailable e) {
            return retryOrBury(route, delivery, "THROTTLING", e);
        } catch (RuntimeException e) {
            return retryOrBury(route, delivery, "INTERNAL_ERROR", e);
        }
    }

    private Outcome retryOrBury(Route route, Delivery delivery, String errorCode, RuntimeException cause) {
        TargetDefinition target = route.target();
        int retriesDone = delivery.attempts();
        boolean tooOld = delivery.acceptedAt()
                .plus(target.maximumEventAge())
                .isBefore(surroundings.clock().instant());
        if (tooOld || retriesDone >= target.maximumRetryAttempts()) {
            String limit = tooOld ? DeadLetter.MAXIMUM_EVENT_AGE : DeadLetter.MAXIMUM_RETRY_ATTEMPTS;
            return bury(route, delivery, errorCode, String.valueOf(cause.getMessage()), Optional.of(limit));
        }
        LOG.debug("event {} is retried", delivery.id(), cause);
        return new Outcome.Again(
                delivery.failed(delivery.lastAnswer()),
                surroundings.speed().shorten(TargetRetries.delay(retriesDone, surroundings.jitter())));
    }

    private Outcome bury(Route route, Delivery delivery, String errorCode, String message) {
        return bury(route, delivery, errorCode, message, Optional.empty());
    }

    private Outcome bury(Route route, Delivery delivery, String errorCode, String message, Optional<String> exhausted) {
        TargetDefinition target = route.target();
        LOG.warn("event {} is given up for {}: {}", delivery.id(), target.arn(), errorCode);
        target.deadLetterQueueArn().ifPresent(queue -> {
            var letter = new DeadLetter(
                    route.rule().arn(), target.arn(), errorCode, message, exhausted, delivery.attempts());
            queues.send(queue, new String(delivery.payload(), StandardCharsets.UTF_8), letter.attributes());
        });
        return Outcome.DONE;
    }
}
