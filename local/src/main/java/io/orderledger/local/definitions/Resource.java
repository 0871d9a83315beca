package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Mapping;
import java.util.Map;
import java.util.Optional;

/**
 * One resource of the template whose condition holds, not resolved yet.
 *
 * @param location where its logical ID is written
 */
record Resource(Location location, String logicalId, ResourceType type, Mapping properties) {

    /** Reads {@code entry}; empty when the resource's condition does not hold. */
    static Optional<Resource> read(String logicalId, Entry entry, Scope scope, Resolver resolver) {
        Fields fields = Fields.of(entry.value(), logicalId, resolver);
        String typeName = fields.text("Type");
        ResourceType type = ResourceType.of(typeName)
                .orElseThrow(() -> new DefinitionException(
                        fields.location("Type"), "the local run does not support the resource type " + typeName));
        Optional<String> condition = fields.optionalText("Condition");
        fields.without(
                "the local run starts everything in an order of its own, and never updates or deletes",
                "DependsOn",
                "DeletionPolicy",
                "UpdateReplacePolicy",
                "UpdatePolicy",
                "CreationPolicy",
                "Metadata",
                "Properties");
        fields.refuseOthers();
        if (condition.isPresent() && !scope.condition(condition.get(), fields.location("Condition"))) {
            return Optional.empty();
        }
        Mapping mapping = Fields.mapping(entry.value(), logicalId)
                .entry("Properties")
                .map(properties -> Fields.mapping(properties.value(), logicalId + " Properties"))
                .orElseGet(() -> new Mapping(entry.location(), Map.of()));
        return Optional.of(new Resource(entry.location(), logicalId, type, mapping));
    }

    Fields fields(Resolver resolver) {
        return new Fields(properties, logicalId + " (" + type.name() + ")", resolver);
    }
}
