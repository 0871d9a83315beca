package io.orderledger.local.functions;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.FunctionDefinition;
import io.orderledger.local.deliveries.Deliveries;
import io.orderledger.local.deliveries.Delivery;
import io.orderledger.local.deliveries.DeliveryQueue;
import io.orderledger.local.deliveries.DeliveryQueueFull;
import io.orderledger.local.deliveries.DeliveryStorage;
import io.orderledger.local.deliveries.Outcome;
import io.orderledger.local.deliveries.SpeedFactor;
import io.orderledger.local.functions.FunctionUnavailable.Reason;
import io.orderledger.local.queues.QueueSender;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All functions of a stack. Synchronous invocations work from the beginning, and asynchronous ones are stored; these are
 * run from {@link #resume()} on, so that a database can be made ready first. Thread-safe.
 */
public final class Functions implements FunctionInvoker, AutoCloseable {

    /** How many asynchronous invocations may wait, of all functions together. */
    public static final int MAXIMUM_WAITING = 1_000_000;

    /** How many asynchronous invocations run or wait for an environment at once. */
    private static final int MAXIMUM_AT_ONCE = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Functions.class);

    private final Map<String, RunnableFunction> functions = new HashMap<>();
    private final Deliveries queue;
    private final AsynchronousInvocations invocations;
    private final InstantSource clock;

    private Functions(Deliveries queue, AsynchronousInvocations invocations, InstantSource clock) {
        this.queue = queue;
        this.invocations = invocations;
        this.clock = clock;
    }

    /**
     * Makes the functions ready to be invoked.
     *
     * @param additions the variables that the local run adds to a function's environment
     * @param maximumWaiting how many asynchronous invocations may wait, see {@link #MAXIMUM_WAITING}
     * @throws DefinitionException where a handler class is missing or cannot be run here, or where an on-failure
     *     destination is not one of the queues
     */
    public static Functions open(
            List<FunctionDefinition> definitions,
            java.util.function.Function<FunctionDefinition, Map<String, String>> additions,
            DeliveryStorage store,
            QueueSender queues,
            SpeedFactor speed,
            InstantSource clock,
            int maximumWaiting) {
        List<RunnableFunction> functions = definitions.stream()
                .<RunnableFunction>map(definition ->
                        new Function(definition, HandlerFactory.of(definition, additions.apply(definition))))
                .toList();
        return of(functions, store, queues, speed, clock, maximumWaiting);
    }

    /**
     * As {@link #open}, with functions that somebody else runs.
     *
     * @throws DefinitionException where an on-failure destination is not one of the queues
     */
    public static Functions of(
            List<RunnableFunction> runnable,
            DeliveryStorage store,
            QueueSender queues,
            SpeedFactor speed,
            InstantSource clock,
            int maximumWaiting) {
        Deliveries queue = store.queue("invocations", maximumWaiting, MAXIMUM_AT_ONCE, clock);
        var functions = new Functions(queue, new AsynchronousInvocations(queues, speed, clock), clock);
        for (RunnableFunction function : runnable) {
            FunctionDefinition definition = function.definition();
            definition.asynchronous().onFailureQueueArn().ifPresent(arn -> {
                if (!queues.exists(arn)) {
                    throw new DefinitionException(
                            definition.location(), "the on-failure destination " + arn + " is none of the queues");
                }
            });
            functions.functions.put(definition.arn(), function);
            definition.alias().ifPresent(alias -> functions.functions.put(definition.arn() + ":" + alias, function));
        }
        return functions;
    }

    /** Begins to run asynchronous invocations, those of earlier runs included. Called once. */
    public void resume() {
        queue.start(this::attempt);
    }

    @Override
    public InvocationResult invoke(String functionArn, byte[] event) {
        return find(functionArn).invoke(functionArn, UUID.randomUUID().toString(), event);
    }

    @Override
    public void invokeAsync(String functionArn, byte[] event) {
        find(functionArn);
        try {
            queue.add(List.of(Delivery.fresh(functionArn, UUID.randomUUID().toString(), event, clock.instant())));
        } catch (DeliveryQueueFull e) {
            throw new FunctionUnavailable(Reason.THROTTLED, functionArn, "its queue is full");
        }
    }

    /**
     * The ARN of a function that is called by its name or its ARN.
     *
     * @throws FunctionUnavailable if there is none
     */
    public String arnOf(String nameOrArn) {
        return functions.entrySet().stream()
                .filter(entry -> entry.getKey().equals(nameOrArn)
                        || entry.getValue().definition().name().equals(nameOrArn))
                .map(Map.Entry::getKey)
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new FunctionUnavailable(Reason.NO_FUNCTION, nameOrArn, "there is no such function"));
    }

    /** Whether a function of that ARN, with or without its alias, is here. */
    public boolean exists(String functionArn) {
        return functions.containsKey(functionArn);
    }

    /**
     * Whether the function's resource-based policy lets a service invoke it on behalf of a resource.
     *
     * @param functionArn the function as it would be invoked: a permission for an alias opens only the alias
     * @param principal for example {@code events.amazonaws.com}
     * @param sourceArn for example a rule's ARN
     */
    public boolean permits(String functionArn, String principal, String sourceArn) {
        RunnableFunction function = functions.get(functionArn);
        return function != null
                && function.definition().permissions().stream()
                        .anyMatch(permission -> permission.allowsInvocation(functionArn, principal, sourceArn));
    }

    /** How many asynchronous invocations wait or run. */
    public int waiting() {
        return queue.size();
    }

    /** Stops running asynchronous invocations; what is not done goes on after the next start. */
    @Override
    public void close() {
        queue.close();
    }

    private Outcome attempt(Delivery delivery) throws InterruptedException {
        RunnableFunction function = functions.get(delivery.destination());
        if (function == null) {
            // The template changed between two runs. AWS would forget the event; here it waits for its function.
            LOG.warn("event {} waits: {} is no longer defined", delivery.id(), delivery.destination());
            return new Outcome.Again(
                    delivery.deferred(delivery.lastAnswer()), DeliveryQueue.UNDEFINED_DESTINATION_DELAY);
        }
        return invocations.attempt(function, delivery);
    }

    private RunnableFunction find(String functionArn) {
        @Nullable RunnableFunction function = functions.get(functionArn);
        if (function == null) {
            throw new FunctionUnavailable(Reason.NO_FUNCTION, functionArn, "Function not found");
        }
        return function;
    }
}
