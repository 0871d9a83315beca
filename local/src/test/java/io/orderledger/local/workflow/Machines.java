package io.orderledger.local.workflow;

import io.orderledger.local.definitions.Location;
import io.orderledger.local.definitions.WorkflowDefinition;

/** Workflow definitions for tests. */
final class Machines {

    static final String ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:w";

    private Machines() {}

    static WorkflowDefinition definition(String asl) {
        return new WorkflowDefinition(new Location("sam/template.yaml", 7), "W", "w", ARN, "sam/w.asl.json", asl);
    }

    /** A definition of these states, beginning with A. Apostrophes stand for quotes. */
    static WorkflowDefinition states(String states) {
        return definition("{\"StartAt\":\"A\",\"States\":{" + states.replace('\'', '"') + "}}");
    }
}
