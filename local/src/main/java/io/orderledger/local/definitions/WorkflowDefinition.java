package io.orderledger.local.definitions;

/**
 * An {@code AWS::Serverless::StateMachine} of type EXPRESS.
 *
 * @param file the ASL file as the user knows it, for example {@code sam/cancel-order.asl.json}
 * @param definition the text of that file with {@code DefinitionSubstitutions} put in; its lines are the file's lines
 */
public record WorkflowDefinition(
        Location location, String logicalId, String name, String arn, String file, String definition) {}
