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
        Location location, String functionArn, String action, String principal, Optional<String> sourceArn) {
    private static final String INVOKE_FUNCTION = "lambda:InvokeFunction";

    /**
     * Whether this statement lets a service invoke a function.
     *
     * @param invokedArn the ARN that is invoked; a permission of the function does not open its alias, nor the reverse
     * @param service for example {@code events.amazonaws.com}
     * @param onBehalfOf the rule or the API's method
     */
    public boolean allowsInvocation(String invokedArn, String service, String onBehalfOf) {
        return functionArn.equals(invokedArn)
                && Arns.matches(action, INVOKE_FUNCTION)
                && principal.equals(service)
                && sourceArn.map(pattern -> Arns.matches(pattern, onBehalfOf)).orElse(true);
    }
}
