package io.orderledger.local.world;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import io.orderledger.local.definitions.FunctionDefinition;
import java.time.Duration;
import java.time.Instant;

/**
 * An invocation in simulated time. The functions ask how much time is left before each piece of work with the database, when no transaction
 * of theirs is open: this is where others get the baton for a while, so that invocations overlap in every way that their locks allow.
 */
final class SimulatedContext implements Context {
    private static final double STANDS_STILL = 0.15;
    private static final Duration MAX_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONG_RUNNING = Duration.ofSeconds(30);
    private static final Duration MAX_PAUSE_OF_LONG_RUNNING = Duration.ofSeconds(35);

    private final FunctionDefinition function;
    private final String invokedArn;
    private final String requestId;
    private final World world;
    private final Session session;
    private final Instant deadline;
    private boolean timedOut;

    SimulatedContext(FunctionDefinition function, String invokedArn, String requestId, World world, Session session) {
        this.function = function;
        this.invokedArn = invokedArn;
        this.requestId = requestId;
        this.world = world;
        this.session = session;
        this.deadline = world.time().instant().plus(function.timeout());
    }

    boolean isTimedOut() {
        return timedOut;
    }

    @Override
    public int getRemainingTimeInMillis() {
        if (!session.isDead() && world.faults().areOn()) {
            standStill();
        }
        return Math.clamp(Duration.between(world.time().instant(), deadline).toMillis(), 0, Integer.MAX_VALUE);
    }

    private void standStill() {
        Duration pause = Duration.ZERO;
        if (world.faults().mayStrike(Fault.FUNCTION_TIMED_OUT)) {
            pause = function.timeout();
        } else if (world.chance().happens(STANDS_STILL)) {
            pause = world.chance().duration(Duration.ofMillis(1), longest());
        }
        if (!pause.isZero()) {
            world.time().sleep(pause);
            world.time().enter(session);
        }
        world.troubleIdleConnection(session);
        if (!world.time().instant().isBefore(deadline)) {
            timedOut = true;
            session.die();
            world.faults().note(Fault.FUNCTION_TIMED_OUT);
        }
    }

    /** Schedules' functions have more time, and some of them hold things that others wait for, for a while. */
    private Duration longest() {
        return function.timeout().compareTo(LONG_RUNNING) > 0 ? MAX_PAUSE_OF_LONG_RUNNING : MAX_PAUSE;
    }

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/" + function.name();
    }

    @Override
    public String getLogStreamName() {
        return "world";
    }

    @Override
    public String getFunctionName() {
        return function.name();
    }

    @Override
    public String getFunctionVersion() {
        return "$LATEST";
    }

    @Override
    public String getInvokedFunctionArn() {
        return invokedArn;
    }

    @Override
    public CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getMemoryLimitInMB() {
        return function.memoryMegabytes();
    }

    @Override
    public LambdaLogger getLogger() {
        throw new UnsupportedOperationException("the functions log through SLF4J");
    }
}
