package io.orderledger.local.workflow;

import java.time.Duration;
import java.util.Map;

/**
 * A workflow that was read and found to be supported.
 *
 * @param limit how long an execution may take: its {@code TimeoutSeconds}, at most the five minutes of an Express workflow
 */
record StateMachine(String arn, String name, String startAt, Duration limit, Map<String, State> states) {

    StateMachine {
        states = Map.copyOf(states);
    }

    State state(String stateName) {
        State state = states.get(stateName);
        if (state == null) {
            throw new IllegalStateException(stateName + " is none of the states, and the reader had checked it");
        }
        return state;
    }
}
