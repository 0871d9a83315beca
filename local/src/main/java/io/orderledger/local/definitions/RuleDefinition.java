package io.orderledger.local.definitions;

import java.util.List;

/**
 * An {@code AWS::Events::Rule} with an event pattern.
 *
 * @param location the rule's own place; {@code patternLocation} is its {@code EventPattern}'s
 * @param busName the name (not the ARN) of the bus it listens to
 * @param eventPattern the pattern as JSON text
 * @param enabled false for {@code State: DISABLED}
 */
public record RuleDefinition(
        Location location,
        Location patternLocation,
        String logicalId,
        String name,
        String arn,
        String busName,
        String eventPattern,
        boolean enabled,
        List<TargetDefinition> targets) {

    public RuleDefinition {
        targets = List.copyOf(targets);
    }
}
