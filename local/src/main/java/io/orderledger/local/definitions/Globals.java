package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Mapping;
import io.orderledger.local.definitions.Node.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SAM's {@code Globals}: properties that every resource of a type has. As SAM merges them, maps are merged, lists are
 * joined with the global items first, and for anything else the resource's own value wins.
 */
final class Globals {

    private static final Map<String, String> TYPES = Map.of(
            "Function", ResourceType.FUNCTION,
            "Api", ResourceType.API,
            "StateMachine", ResourceType.STATE_MACHINE);

    private final Map<String, Mapping> propertiesByType = new LinkedHashMap<>();

    private Globals() {}

    static Globals read(Map<String, Entry> section) {
        Globals globals = new Globals();
        section.forEach((name, entry) -> {
            String type = TYPES.get(name);
            if (type == null) {
                throw new DefinitionException(entry.location(), "the local run does not support Globals of " + name);
            }
            globals.propertiesByType.put(type, Fields.mapping(entry.value(), "Globals " + name));
        });
        return globals;
    }

    Resource mergedInto(Resource resource) {
        Mapping shared = propertiesByType.get(resource.type().name());
        return shared == null
                ? resource
                : new Resource(
                        resource.location(),
                        resource.logicalId(),
                        resource.type(),
                        mergedMaps(shared, resource.properties()));
    }

    private static Mapping mergedMaps(Mapping shared, Mapping own) {
        Map<String, Entry> merged = new LinkedHashMap<>(shared.entries());
        own.entries().forEach((key, entry) -> {
            Entry global = shared.entries().get(key);
            Node value = global == null ? entry.value() : merged(global.value(), entry.value());
            merged.put(key, new Entry(entry.location(), value));
        });
        return new Mapping(own.location(), Collections.unmodifiableMap(merged));
    }

    private static Node merged(Node shared, Node own) {
        boolean functions = Resolver.functionOf(shared).isPresent()
                || Resolver.functionOf(own).isPresent();
        if (!functions && shared instanceof Mapping sharedMap && own instanceof Mapping ownMap) {
            return mergedMaps(sharedMap, ownMap);
        }
        if (!functions && shared instanceof Sequence sharedList && own instanceof Sequence ownList) {
            List<Node> items = new ArrayList<>(sharedList.items());
            items.addAll(ownList.items());
            return new Sequence(own.location(), items);
        }
        return own;
    }
}
