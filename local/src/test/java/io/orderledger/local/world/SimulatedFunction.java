package io.orderledger.local.world;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.orderledger.local.definitions.FunctionDefinition;
import io.orderledger.local.functions.ErrorPayload;
import io.orderledger.local.functions.FunctionUnavailable;
import io.orderledger.local.functions.InvocationResult;
import io.orderledger.local.functions.RunnableFunction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/** A function whose handler is the real one, and whose environments are throttled, crash and run out of simulated time. */
final class SimulatedFunction implements RunnableFunction {
    private static final String CANCEL_ORDER = "CancelOrder";

    private final FunctionDefinition definition;
    private final World world;
    private final Deque<Environment> idle = new ArrayDeque<>();
    private int environments;

    SimulatedFunction(FunctionDefinition definition, World world) {
        this.definition = definition;
        this.world = world;
    }

    /** A handler object with its own way to the database. */
    private record Environment(RequestStreamHandler handler, Session session) {}

    @Override
    public FunctionDefinition definition() {
        return definition;
    }

    @Override
    public InvocationResult invoke(String invokedArn, String requestId, byte[] event) {
        Faults faults = world.faults();
        if (faults.strikes(Fault.FUNCTION_THROTTLED)) {
            throw new FunctionUnavailable(FunctionUnavailable.Reason.THROTTLED, invokedArn, "Rate Exceeded.");
        }
        Environment environment = idle.isEmpty() ? environment() : idle.pop();
        if (faults.strikes(Fault.CRASH_BEFORE_START)) {
            return crashed(environment, "before its first step");
        }
        if (definition.handler().endsWith(CANCEL_ORDER)
                && world.mutates(Mutation.FUNCTION_ANSWERS_BEFORE_STORING, 0.5)) {
            idle.push(environment);
            return new InvocationResult.Success("{}".getBytes(StandardCharsets.UTF_8));
        }
        String message = new String(event, StandardCharsets.UTF_8);
        environment.session().begin(world.databaseFaults().plan(), Requests.idIn(message));
        var context = new SimulatedContext(definition, invokedArn, requestId, world, environment.session());
        world.time().enter(environment.session());
        var output = new ByteArrayOutputStream();
        InvocationResult result;
        try {
            environment.handler().handleRequest(new ByteArrayInputStream(event), output, context);
            result = new InvocationResult.Success(output.toByteArray());
        } catch (Exception e) {
            result = new InvocationResult.Failure(ErrorPayload.thrown(e));
            world.trace().add("threw", definition.logicalId(), e.getClass().getSimpleName());
        }
        world.requests().observe();
        if (context.isTimedOut()) {
            environment.session().end();
            world.trace().add("timed out", definition.logicalId());
            return new InvocationResult.Failure(ErrorPayload.timedOut(requestId, definition.timeout()));
        }
        if (environment.session().isDead()) {
            return crashed(environment, "at statement " + environment.session().statements());
        }
        if (faults.strikes(Fault.CRASH_BEFORE_ANSWER)) {
            return crashed(environment, "before its answer");
        }
        idle.push(environment);
        trace(message, environment.session(), result);
        return result;
    }

    private void trace(String text, Session session, InvocationResult result) {
        boolean succeeded = result instanceof InvocationResult.Success;
        world.trace()
                .add(
                        "function",
                        definition.logicalId(),
                        Requests.idIn(text).map(UUID::toString).orElse("-"),
                        session.statements() + " statements",
                        succeeded ? "ended" : "failed");
        if (succeeded) {
            world.requests().acknowledged(text);
        }
    }

    private Environment environment() {
        environments++;
        var session = new Session(definition.logicalId() + "-" + environments, true);
        try {
            Class<?> type = Class.forName(definition.handler());
            return new Environment(
                    (RequestStreamHandler)
                            type.getConstructor(java.util.Map.class).newInstance(world.environmentOf(definition)),
                    session);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(definition.handler() + " cannot be made", e);
        }
    }

    private InvocationResult crashed(Environment environment, String where) {
        environment.session().end();
        world.trace().add("crashed", definition.logicalId(), where);
        return new InvocationResult.Failure(
                "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"Runtime exited without providing a reason\"}"
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** What happens to environments that nobody uses for a while. */
    void forgetEnvironments() {
        idle.forEach(environment -> environment.session().end());
        idle.clear();
    }
}
