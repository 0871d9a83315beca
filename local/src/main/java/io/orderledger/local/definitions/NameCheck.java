package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Mapping;
import io.orderledger.local.definitions.Node.Scalar;
import io.orderledger.local.definitions.Node.Sequence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Checks that every {@code Ref}, {@code Fn::GetAtt}, {@code Fn::Sub} and {@code DependsOn} names something that exists, also in resources that have no effect
 * in the local run and whose properties nobody else reads: CloudFormation would refuse the whole template.
 */
final class NameCheck {

    private static final String ALIAS = "Alias";

    private final Set<String> logicalIds;
    private final Set<String> parameters;
    /** The functions whose versions SAM publishes, each by the logical ID of the alias that SAM makes for it. */
    private final Map<String, String> aliases = new HashMap<>();

    NameCheck(Set<String> logicalIds, Set<String> parameters) {
        this.logicalIds = logicalIds;
        this.parameters = parameters;
    }

    void check(Map<String, Entry> resources, Map<String, Entry> outputs) {
        resources.forEach((logicalId, entry) ->
                aliasOf(entry.value()).ifPresent(alias -> aliases.put(logicalId + ALIAS + alias, logicalId)));
        resources.values().forEach(entry -> {
            checkDependencies(entry.value());
            check(entry.value());
        });
        outputs.values().forEach(entry -> check(entry.value()));
    }

    private static Optional<String> aliasOf(Node resource) {
        return resource instanceof Mapping mapping
                ? mapping.entry("Properties")
                        .map(Entry::value)
                        .filter(Mapping.class::isInstance)
                        .map(Mapping.class::cast)
                        .flatMap(properties -> properties.entry("AutoPublishAlias"))
                        .map(Entry::value)
                        .filter(Scalar.class::isInstance)
                        .map(alias -> ((Scalar) alias).text())
                : Optional.empty();
    }

    private void check(Node node) {
        switch (node) {
            case Scalar _ -> {}
            case Sequence sequence -> sequence.items().forEach(this::check);
            case Mapping mapping -> mapping.entries().forEach((key, entry) -> check(key, entry));
        }
    }

    private void check(String key, Entry entry) {
        if (key.equals("Ref") && entry.value() instanceof Scalar name) {
            checkReference(name.text(), name.location());
        } else if (key.equals("Fn::GetAtt") && entry.value() instanceof Scalar attribute) {
            checkResource(attribute.text(), attribute.location());
        } else if (key.equals("Fn::Sub")) {
            checkSubstitution(entry.value());
        } else {
            check(entry.value());
        }
    }

    private void checkDependencies(Node resource) {
        if (resource instanceof Mapping mapping) {
            mapping.entry("DependsOn").map(Entry::value).ifPresent(names -> {
                List<Node> items = names instanceof Sequence sequence ? sequence.items() : List.of(names);
                items.forEach(item -> checkResource(Resolver.textOf(item, "DependsOn"), item.location()));
            });
        }
    }

    private void checkSubstitution(Node argument) {
        Set<String> own = Set.of();
        Node text = argument;
        if (argument instanceof Sequence sequence && sequence.items().size() == 2) {
            text = sequence.items().getFirst();
            own = Fields.mapping(sequence.items().getLast(), "the variables of Fn::Sub")
                    .entries()
                    .keySet();
            check(sequence.items().getLast());
        }
        if (text instanceof Scalar scalar) {
            Matcher matcher = Resolver.SUB_VARIABLE.matcher(scalar.text());
            while (matcher.find()) {
                String name = matcher.group(2).strip();
                if (matcher.group(1).isEmpty() && !own.contains(name)) {
                    checkReference(name, scalar.location());
                }
            }
        }
    }

    private void checkReference(String name, Location at) {
        if (!name.startsWith("AWS::") && !parameters.contains(name)) {
            checkResource(name, at);
        }
    }

    /** {@code name} may go on with an attribute after a dot. */
    private void checkResource(String name, Location at) {
        String logicalId = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        boolean madeBySam = logicalId.endsWith("Role")
                && logicalIds.contains(logicalId.substring(0, logicalId.length() - "Role".length()));
        if (!logicalIds.contains(logicalId) && !madeBySam && !aliases.containsKey(name)) {
            throw new DefinitionException(at, "there is no parameter or resource " + logicalId);
        }
        if (name.equals(logicalId + "." + ALIAS) && !aliases.containsValue(logicalId)) {
            throw new DefinitionException(at, logicalId + " has no AutoPublishAlias, so there is no " + name);
        }
    }
}
