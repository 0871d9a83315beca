package io.orderledger.local.definitions;

import java.time.Duration;

/**
 * An {@code AWS::Scheduler::Schedule} that invokes a function at a rate.
 *
 * @param enabled whether it does so
 * @param interval from one invocation to the next, on AWS
 */
public record ScheduleDefinition(
        Location location, String logicalId, boolean enabled, Duration interval, String functionArn) {}
