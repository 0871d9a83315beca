package io.orderledger.local.definitions;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A custom resource: CloudFormation makes it by invoking a function and waiting for its answer at a URL.
 *
 * @param type for example {@code Custom::DatabaseMigration}
 * @param serviceToken the ARN of the function
 * @param properties {@code ResourceProperties} as CloudFormation sends them: {@code ServiceToken} is among them, and
 *     numbers and booleans are text
 */
public record CustomResourceDefinition(
        Location location, String logicalId, String type, String serviceToken, ObjectNode properties) {

    public CustomResourceDefinition {
        properties = properties.deepCopy();
    }

    @Override
    public ObjectNode properties() {
        return properties.deepCopy();
    }
}
