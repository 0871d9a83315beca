package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Mapping;
import io.orderledger.local.definitions.Node.Sequence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The template's conditions, evaluated when they are first asked for. */
final class Conditions {

    private static final int FEWEST_OPERANDS = 2;
    private static final int MOST_OPERANDS = 10;

    private final Map<String, Entry> declared;
    private final Resolver resolver;
    private final Map<String, Boolean> evaluated = new HashMap<>();
    private final Set<String> underway = new HashSet<>();

    Conditions(Map<String, Entry> declared, Resolver resolver) {
        this.declared = declared;
        this.resolver = resolver;
    }

    boolean holds(String name, Location at) {
        Boolean known = evaluated.get(name);
        if (known != null) {
            return known;
        }
        Entry entry = declared.get(name);
        if (entry == null) {
            throw new DefinitionException(at, "there is no condition " + name);
        }
        if (!underway.add(name)) {
            throw new DefinitionException(entry.location(), "the condition " + name + " depends on itself");
        }
        boolean value = evaluate(entry.value());
        underway.remove(name);
        evaluated.put(name, value);
        return value;
    }

    /** Evaluates every condition, so that a mistake in one that nobody uses is found too. */
    void evaluateAll() {
        declared.forEach((name, entry) -> holds(name, entry.location()));
    }

    private boolean evaluate(Node node) {
        if (!(node instanceof Mapping mapping) || mapping.entries().size() != 1) {
            throw new DefinitionException(node.location(), "a condition is one condition function");
        }
        Map.Entry<String, Entry> function =
                mapping.entries().entrySet().iterator().next();
        Node argument = function.getValue().value();
        Location at = function.getValue().location();
        return switch (function.getKey()) {
            case "Condition" -> holds(Resolver.textOf(argument, "the condition's name"), at);
            case "Fn::Equals" -> equal(operands(argument, at, 2, 2));
            case "Fn::Not" -> !evaluate(operands(argument, at, 1, 1).getFirst());
            case "Fn::And" ->
                operands(argument, at, FEWEST_OPERANDS, MOST_OPERANDS).stream().allMatch(this::evaluate);
            case "Fn::Or" ->
                operands(argument, at, FEWEST_OPERANDS, MOST_OPERANDS).stream().anyMatch(this::evaluate);
            default -> throw new DefinitionException(at, function.getKey() + " is no condition function");
        };
    }

    private boolean equal(List<Node> operands) {
        List<String> texts = operands.stream()
                .map(resolver::resolveRequired)
                .map(operand -> Resolver.textOf(operand, "an operand of Fn::Equals"))
                .toList();
        return texts.get(0).equals(texts.get(1));
    }

    private static List<Node> operands(Node argument, Location at, int fewest, int most) {
        if (argument instanceof Sequence sequence
                && sequence.items().size() >= fewest
                && sequence.items().size() <= most) {
            return sequence.items();
        }
        throw new DefinitionException(
                at,
                "this function takes a list of " + (fewest == most ? fewest : fewest + " to " + most) + " operands");
    }
}
