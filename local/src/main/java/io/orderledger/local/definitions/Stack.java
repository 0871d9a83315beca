package io.orderledger.local.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code sam/} defines, ready to be executed: every intrinsic function is resolved, every condition decided, and
 * everything that is left was understood. Immutable.
 *
 * @param outputs the template's outputs by name
 */
public record Stack(
        Api api,
        List<FunctionDefinition> functions,
        List<BusDefinition> buses,
        List<RuleDefinition> rules,
        List<QueueDefinition> queues,
        List<QueuePolicyDefinition> queuePolicies,
        List<WorkflowDefinition> workflows,
        List<ScheduleDefinition> schedules,
        List<CustomResourceDefinition> customResources,
        Map<String, String> outputs) {

    private static final String SEND_MESSAGE = "sqs:SendMessage";

    public Stack {
        functions = List.copyOf(functions);
        buses = List.copyOf(buses);
        rules = List.copyOf(rules);
        queues = List.copyOf(queues);
        queuePolicies = List.copyOf(queuePolicies);
        workflows = List.copyOf(workflows);
        schedules = List.copyOf(schedules);
        customResources = List.copyOf(customResources);
        outputs = Map.copyOf(outputs);
    }

    /**
     * Reads {@code template.yaml} in {@code samFolder} and the files that it names.
     *
     * @throws DefinitionException if something in the files cannot be executed here; the message names file, line and
     *     reason
     */
    public static Stack load(Path samFolder, StackContext context) {
        return new StackReader(Template.read(samFolder, context)).read();
    }

    /**
     * The OpenAPI document of the API as API Gateway would import it for these parameters: every intrinsic function resolved.
     *
     * @throws DefinitionException if it cannot be resolved
     */
    public static JsonNode openApi(Path samFolder, StackContext context) {
        return new StackReader(Template.read(samFolder, context)).openApi();
    }

    /** The function that an ARN names: its own, or that of its alias. */
    public Optional<FunctionDefinition> function(String arn) {
        return functions.stream()
                .filter(function -> arn.equals(function.arn())
                        || function.alias()
                                .map(alias -> arn.equals(function.arn() + ":" + alias))
                                .orElse(false))
                .findFirst();
    }

    /**
     * Whether a function's resource-based policy lets a service invoke it.
     *
     * @param functionArn the ARN that is invoked; a permission of the function does not open its alias, nor the reverse
     * @param service for example {@code events.amazonaws.com}
     * @param sourceArn the rule or the API's method on whose behalf
     */
    public boolean mayInvoke(String functionArn, String service, String sourceArn) {
        return function(functionArn).stream()
                .flatMap(function -> function.permissions().stream())
                .anyMatch(permission -> permission.allowsInvocation(functionArn, service, sourceArn));
    }

    /** Whether a queue's policy lets a service send messages to it on behalf of {@code sourceArn}. */
    public boolean maySend(String queueArn, String service, String sourceArn) {
        return queues.stream()
                .filter(queue -> queue.arn().equals(queueArn))
                .anyMatch(queue -> queuePolicies.stream()
                        .anyMatch(policy -> policy.allows(service, SEND_MESSAGE, queue, sourceArn)));
    }
}
