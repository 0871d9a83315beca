package io.orderledger.local.definitions;

/** An {@code AWS::Events::EventBus}. */
public record BusDefinition(Location location, String logicalId, String name, String arn) {}
