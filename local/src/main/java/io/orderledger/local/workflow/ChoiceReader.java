package io.orderledger.local.workflow;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.workflow.ValueTest.Kind;
import io.orderledger.local.workflow.ValueTest.Relation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the conditions of Choice states. */
final class ChoiceReader {

    private static final Set<String> BESIDE_THE_CONDITION = Set.of("Variable", "Next", "Comment");

    private ChoiceReader() {}

    /** @throws DefinitionException where an operator is unknown, or none or more than one is given */
    static ChoiceRule read(LocatedJson json) {
        List<Map.Entry<String, LocatedJson>> operators = json.members().entrySet().stream()
                .filter(member -> !BESIDE_THE_CONDITION.contains(member.getKey()))
                .toList();
        if (operators.size() != 1) {
            throw json.refused("a choice has one operator, this one has " + operators.size());
        }
        String name = operators.getFirst().getKey();
        LocatedJson operand = operators.getFirst().getValue();
        return switch (name) {
            case "And" -> new ChoiceRule.And(several(operand));
            case "Or" -> new ChoiceRule.Or(several(operand));
            case "Not" -> new ChoiceRule.Not(nested(operand));
            case "IsPresent" -> new ChoiceRule.Presence(variable(json), operand.bool());
            default -> type(name, json, operand).orElseGet(() -> comparison(name, json, operand));
        };
    }

    private static List<ChoiceRule> several(LocatedJson operand) {
        List<ChoiceRule> rules =
                operand.elements().stream().map(ChoiceReader::nested).toList();
        if (rules.isEmpty()) {
            throw operand.refused("at least one condition is expected");
        }
        return rules;
    }

    private static ChoiceRule nested(LocatedJson json) {
        json.find("Next").ifPresent(next -> {
            throw next.refused("\"Next\" is only allowed beside the outermost condition");
        });
        return read(json);
    }

    private static Optional<ChoiceRule> type(String name, LocatedJson json, LocatedJson operand) {
        for (Kind kind : Kind.values()) {
            if (name.equals("Is" + kind.title())) {
                return Optional.of(new ChoiceRule.Type(variable(json), kind, operand.bool()));
            }
        }
        return Optional.empty();
    }

    private static ChoiceRule comparison(String name, LocatedJson json, LocatedJson operand) {
        boolean toPath = name.endsWith("Path");
        String plain = toPath ? name.substring(0, name.length() - "Path".length()) : name;
        ValueTest test = test(plain)
                .filter(found -> !(toPath && found.relation() == Relation.MATCHES))
                .orElseThrow(() -> operand.refused("the operator \"" + name + "\" is not supported"));
        if (!toPath && !test.kind().accepts(operand.value())) {
            throw operand.refused(name + " compares with a value of type " + test.kind());
        }
        Expression compared = toPath ? ExpressionParser.path(operand) : new Expression.Constant(operand.value());
        return new ChoiceRule.Comparison(variable(json), test, compared);
    }

    private static Optional<ValueTest> test(String name) {
        for (Kind kind : Kind.values()) {
            for (Relation relation : Relation.values()) {
                if (name.equals(kind.title() + relation.title()) && exists(kind, relation)) {
                    return Optional.of(new ValueTest(kind, relation));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean exists(Kind kind, Relation relation) {
        return switch (kind) {
            case STRING -> true;
            case NUMERIC, TIMESTAMP -> relation != Relation.MATCHES;
            case BOOLEAN -> relation == Relation.EQUALS;
            case NULL -> false;
        };
    }

    private static Expression.Path variable(LocatedJson json) {
        return ExpressionParser.path(json.get("Variable"));
    }
}
