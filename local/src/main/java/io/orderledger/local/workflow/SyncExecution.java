package io.orderledger.local.workflow;

import java.time.Instant;

/**
 * A synchronous execution that is over.
 *
 * @param input as it was sent
 */
public record SyncExecution(
        String executionArn,
        String stateMachineArn,
        String name,
        Instant startDate,
        Instant stopDate,
        String input,
        ExecutionResult result) {}
