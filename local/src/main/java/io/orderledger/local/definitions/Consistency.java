package io.orderledger.local.definitions;

/**
 * What CloudFormation deploys without a word and what would then lose messages, or fail every call: resources that name others
 * by text, and a missing queue policy.
 */
final class Consistency {

    private static final String EVENTBRIDGE = "events.amazonaws.com";

    private Consistency() {}

    static void check(Stack stack) {
        stack.rules().forEach(rule -> check(rule, stack));
        stack.api().routes().forEach(route -> check(route, stack));
    }

    private static void check(RuleDefinition rule, Stack stack) {
        if (stack.buses().stream().noneMatch(bus -> bus.name().equals(rule.busName()))) {
            throw new DefinitionException(rule.location(), "there is no event bus " + rule.busName());
        }
        rule.targets()
                .forEach(target -> target.deadLetterQueueArn().ifPresent(queue -> {
                    if (!stack.maySend(queue, EVENTBRIDGE, rule.arn())) {
                        throw new DefinitionException(
                                target.location(),
                                "no AWS::SQS::QueuePolicy lets " + EVENTBRIDGE
                                        + " send to the target's dead-letter queue for this"
                                        + " rule: what fails would be dropped");
                    }
                }));
    }

    private static void check(Route route, Stack stack) {
        if (route.integration() instanceof Integration.FunctionCall call
                && stack.function(call.functionArn()).isEmpty()) {
            throw new DefinitionException(call.location(), "there is no function " + call.functionArn());
        }
    }
}
