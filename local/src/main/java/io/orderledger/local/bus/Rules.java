package io.orderledger.local.bus;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.RuleDefinition;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.RuleCompiler;

/** The enabled rules of every bus, compiled by AWS's matcher. */
final class Rules {

    private final Map<String, Machine> machines = new HashMap<>();
    private final Map<String, RuleDefinition> rulesByArn = new HashMap<>();

    /**
     * Compiles the rules.
     *
     * @throws DefinitionException where a pattern is not valid
     */
    Rules(List<RuleDefinition> rules) {
        for (RuleDefinition rule : rules) {
            String fault = RuleCompiler.check(rule.eventPattern(), false);
            if (fault != null) {
                throw new DefinitionException(rule.patternLocation(), "the event pattern is not valid: " + fault);
            }
            rulesByArn.put(rule.arn(), rule);
            if (rule.enabled()) {
                add(rule);
            }
        }
    }

    private void add(RuleDefinition rule) {
        try {
            machines.computeIfAbsent(rule.busName(), _ -> Machine.builder().build())
                    .addRule(rule.arn(), rule.eventPattern());
        } catch (IOException e) {
            throw new DefinitionException(rule.patternLocation(), "the event pattern is not valid: " + e.getMessage());
        }
    }

    /** The rules of a bus that an event matches; none where there is no such bus. */
    List<RuleDefinition> matching(String busName, String event) {
        Machine machine = machines.get(busName);
        if (machine == null) {
            return List.of();
        }
        try {
            return machine.rulesForJSONEvent(event).stream().map(this::rule).toList();
        } catch (Exception e) { // the matcher declares it; it comes from events that are no JSON, and this one is
            throw new IllegalStateException("an event that was checked could not be matched", e);
        }
    }

    private RuleDefinition rule(String arn) {
        RuleDefinition rule = rulesByArn.get(arn);
        if (rule == null) {
            throw new IllegalStateException(arn + " was matched and is none of the rules");
        }
        return rule;
    }
}
