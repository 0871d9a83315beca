package io.orderledger.local.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A state as it was read. */
sealed interface State {

    /** What is taken from the state's input, and what of its output is handed on. */
    Flow flow();

    /**
     * The two paths that every state but Fail has.
     *
     * @param input empty for {@code null}, which stands for an empty object
     * @param output empty for {@code null}, which stands for an empty object
     */
    record Flow(Optional<Expression.Path> input, Optional<Expression.Path> output) {}

    /**
     * What a state makes of its result.
     *
     * @param parameters replaces the effective input
     * @param place where the result goes in the raw input; empty for {@code null}, which drops it
     */
    record Shaping(Optional<PayloadTemplate> parameters, Optional<ReferencePath> place) {}

    /** The state that follows; empty where the execution ends. */
    record Transition(Optional<String> next) {}

    /** Calls a service. */
    record Task(
            Flow flow,
            Shaping shaping,
            Integration integration,
            Optional<PayloadTemplate> resultSelector,
            Optional<Duration> timeout,
            List<Retrier> retriers,
            List<Catcher> catchers,
            Transition transition)
            implements State {}

    /** Hands its input on, reshaped. */
    record Pass(Flow flow, Shaping shaping, Optional<JsonNode> result, Transition transition) implements State {}

    /** Decides what comes next. */
    record Choice(Flow flow, List<Branch> branches, Optional<String> otherwise) implements State {}

    /** A condition of a Choice and where it leads. */
    record Branch(ChoiceRule rule, String next) {}

    /** Ends the execution well. */
    record Succeed(Flow flow) implements State {}

    /** Ends the execution with an error. */
    record Fail(Flow flow, Optional<Expression> error, Optional<Expression> cause) implements State {}

    /**
     * How errors of a Task are retried.
     *
     * @param backoffRate at least 1
     */
    record Retrier(
            List<String> errors,
            Duration interval,
            int maximumAttempts,
            double backoffRate,
            Optional<Duration> maximumDelay,
            boolean fullJitter) {}

    /** Where errors of a Task lead. */
    record Catcher(List<String> errors, Optional<ReferencePath> place, String next) {}
}
