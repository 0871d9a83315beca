package io.orderledger.local.definitions;

import java.util.Optional;

/**
 * An {@code AWS::Lambda::Permission}: one statement of a function's resource-based policy.
 *
 * @param functionArn the function it opens, with its alias where the template names one
 * @param action for example {@code lambda:InvokeFunction}
 * @param principal the service that may invoke, for example {@code events.amazonaws.com}
 * @param sourceArn the resource on whose behalf; may hold {@code *} and {@code ?}. Empty: any
 */
public record PermissionDefinition(
        Location location, String functionArn, String action, String principal, Optional<String> sourceArn) {}
