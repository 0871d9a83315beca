package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Mapping;
import io.orderledger.local.definitions.Node.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of one mapping while they are read. Each field is either taken or named as without effect; {@link
 * #refuseOthers} then refuses the rest, so nothing in a file is overlooked.
 */
final class Fields {

    private final Mapping mapping;
    private final String owner;
    private final Resolver resolver;
    private final Set<String> known = new HashSet<>();

    /** @param owner what the mapping belongs to, in the words of an error message */
    Fields(Mapping mapping, String owner, Resolver resolver) {
        this.mapping = mapping;
        this.owner = owner;
        this.resolver = resolver;
    }

    static Fields of(Node node, String owner, Resolver resolver) {
        return new Fields(mapping(node, owner), owner, resolver);
    }

    Location location() {
        return mapping.location();
    }

    /** Where the field's key is written, or the whole mapping if it has no such field. */
    Location location(String name) {
        return mapping.entry(name).map(Entry::location).orElse(mapping.location());
    }

    Optional<Node> optional(String name) {
        known.add(name);
        return mapping.entry(name).flatMap(entry -> resolver.resolve(entry.value()));
    }

    Node required(String name) {
        return optional(name).orElseThrow(() -> new DefinitionException(location(), owner + " needs " + name));
    }

    String text(String name) {
        return Resolver.textOf(required(name), name);
    }

    Optional<String> optionalText(String name) {
        return optional(name).map(node -> Resolver.textOf(node, name));
    }

    Optional<Boolean> optionalFlag(String name) {
        return optionalText(name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new DefinitionException(location(name), name + " must be true or false");
        });
    }

    /** A whole number between two bounds, both included. */
    Optional<Integer> optionalInteger(String name, int least, int most) {
        return optional(name).map(node -> {
            int value = integer(node, name);
            if (value < least || value > most) {
                throw new DefinitionException(
                        location(name), name + " must be from " + least + " to " + most + ", not " + value);
            }
            return value;
        });
    }

    Fields fields(String name) {
        return of(required(name), owner + " " + name, resolver);
    }

    Optional<Fields> optionalFields(String name) {
        return optional(name).map(node -> of(node, owner + " " + name, resolver));
    }

    /** The items of a list, each as fields; empty if there is no such field. */
    List<Fields> listOfFields(String name) {
        List<Fields> list = new ArrayList<>();
        items(name).forEach(item -> list.add(of(item, owner + " " + name, resolver)));
        return list;
    }

    List<Node> items(String name) {
        return optional(name)
                .map(node -> {
                    if (node instanceof Sequence sequence) {
                        return sequence.items();
                    }
                    throw new DefinitionException(node.location(), name + " must be a list, not " + node.kind());
                })
                .orElse(List.of());
    }

    /** The entries of a map, in order; empty if there is no such field. */
    Map<String, Entry> entries(String name) {
        return optional(name).map(node -> mapping(node, name).entries()).orElse(Map.of());
    }

    /** A map of text to text; empty if there is no such field. */
    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        entries(name).forEach((key, entry) -> texts.put(key, Resolver.textOf(entry.value(), key)));
        return texts;
    }

    /**
     * Names fields that the local run does not act on.
     *
     * @param reason why leaving them out changes nothing here; said where the code is read, not at run time
     */
    @SuppressWarnings("unused") // the reason documents the call
    Fields without(String reason, String... names) {
        known.addAll(List.of(names));
        return this;
    }

    boolean has(String name) {
        return mapping.entries().containsKey(name);
    }

    Set<String> names() {
        return mapping.entries().keySet();
    }

    void refuseOthers() {
        mapping.entries().forEach((name, entry) -> {
            if (!known.contains(name)) {
                throw new DefinitionException(entry.location(), owner + ": the local run does not support " + name);
            }
        });
    }

    static Mapping mapping(Node node, String what) {
        if (node instanceof Mapping mapping) {
            return mapping;
        }
        throw new DefinitionException(node.location(), what + " must be a map, not " + node.kind());
    }

    static int integer(Node node, String what) {
        try {
            return Integer.parseInt(Resolver.textOf(node, what));
        } catch (NumberFormatException e) {
            throw new DefinitionException(node.location(), what + " must be a whole number").causedBy(e);
        }
    }
}
