package io.orderledger.local.definitions;

import java.util.List;

/**
 * One statement of an {@code AWS::SQS::QueuePolicy}: services that may use queues.
 *
 * @param queueUrls the queues the policy is attached to
 * @param principals the services, for example {@code events.amazonaws.com}
 * @param actions for example {@code sqs:SendMessage}; may hold {@code *}
 * @param resources the ARNs of queues; may hold {@code *}
 * @param sourceArns the resources on whose behalf; may hold {@code *}. Empty: any
 */
public record QueuePolicyDefinition(
        Location location,
        List<String> queueUrls,
        List<String> principals,
        List<String> actions,
        List<String> resources,
        List<String> sourceArns) {

    public QueuePolicyDefinition {
        queueUrls = List.copyOf(queueUrls);
        principals = List.copyOf(principals);
        actions = List.copyOf(actions);
        resources = List.copyOf(resources);
        sourceArns = List.copyOf(sourceArns);
    }

    boolean allows(String principal, String action, QueueDefinition queue, String source) {
        return queueUrls.contains(queue.url())
                && principals.contains(principal)
                && actions.stream().anyMatch(pattern -> Arns.matches(pattern, action))
                && resources.stream().anyMatch(pattern -> Arns.matches(pattern, queue.arn()))
                && (sourceArns.isEmpty() || sourceArns.stream().anyMatch(pattern -> Arns.matches(pattern, source)));
    }
}
