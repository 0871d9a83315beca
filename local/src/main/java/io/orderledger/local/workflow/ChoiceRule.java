package io.orderledger.local.workflow;

import io.orderledger.local.workflow.Expression.Scope;
import java.util.List;

/** A condition of a Choice state. */
sealed interface ChoiceRule {

    boolean holds(Scope scope);

    /** All of several. */
    record And(List<ChoiceRule> rules) implements ChoiceRule {
        @Override
        public boolean holds(Scope scope) {
            return rules.stream().allMatch(rule -> rule.holds(scope));
        }
    }

    /** One of several. */
    record Or(List<ChoiceRule> rules) implements ChoiceRule {
        @Override
        public boolean holds(Scope scope) {
            return rules.stream().anyMatch(rule -> rule.holds(scope));
        }
    }

    /** The opposite of one. */
    record Not(ChoiceRule rule) implements ChoiceRule {
        @Override
        public boolean holds(Scope scope) {
            return !rule.holds(scope);
        }
    }

    /** Whether the variable is there. */
    record Presence(Expression.Path variable, boolean expected) implements ChoiceRule {
        @Override
        public boolean holds(Scope scope) {
            return variable.find(scope).isPresent() == expected;
        }
    }

    /** Whether the variable is of a type. */
    record Type(Expression.Path variable, ValueTest.Kind kind, boolean expected) implements ChoiceRule {
        @Override
        public boolean holds(Scope scope) {
            return kind.accepts(variable.evaluate(scope)) == expected;
        }
    }

    /** The variable compared with a constant or with another variable. A value of another type compares as false. */
    record Comparison(Expression.Path variable, ValueTest test, Expression operand) implements ChoiceRule {
        @Override
        public boolean holds(Scope scope) {
            return test.holds(variable.evaluate(scope), operand.evaluate(scope));
        }
    }
}
