package io.orderledger.local.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.deliveries.Surroundings;
import io.orderledger.local.workflow.Expression.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One execution of a workflow, from its input to its end. Used once, by one thread. */
final class Execution {

    /** The most a state may take in or hand on, in UTF-8. */
    static final int DATA_LIMIT_BYTES = 262_144;

    /** Who an execution is, for its context object. */
    record Identity(String arn, String name) {}

    /** What follows a state: another one, or the end. */
    private record Step(Optional<String> next, JsonNode output) {}

    private final StateMachine machine;
    private final Identity identity;
    private final TaskRunner tasks;
    private final Deadline deadline;
    private final Surroundings surroundings;
    private final ObjectNode context;

    Execution(
            StateMachine machine,
            Identity identity,
            Tasks services,
            Surroundings surroundings,
            Passage passage,
            JsonNode input) {
        this.machine = machine;
        this.identity = identity;
        this.deadline = Deadline.in(machine.limit(), passage);
        this.tasks = new TaskRunner(services, surroundings, deadline);
        this.surroundings = surroundings;
        this.context = context(input);
    }

    /** Runs to the end. Whatever happens in the workflow is a result, never an exception. */
    ExecutionResult run(JsonNode input) throws InterruptedException {
        try {
            String current = machine.startAt();
            JsonNode data = input;
            while (true) {
                deadline.check();
                enter(current);
                Step step = step(machine.state(current), data);
                limited(current, step.output());
                if (step.next().isEmpty()) {
                    return new ExecutionResult.Succeeded(Intrinsic.written(step.output()));
                }
                current = step.next().get();
                data = step.output();
            }
        } catch (StateFailure e) {
            return new ExecutionResult.Failed(present(e.error()), present(e.causeText()));
        } catch (Deadline.Passed _) {
            return new ExecutionResult.TimedOut();
        }
    }

    private Step step(State state, JsonNode raw) throws InterruptedException {
        Scope scope = new Scope(raw, context, surroundings.ids());
        return switch (state) {
            case State.Task task -> task(task, scope);
            case State.Pass pass -> pass(pass, scope);
            case State.Choice choice -> choose(choice, scope);
            case State.Succeed succeed ->
                new Step(Optional.empty(), output(state, scope, effective(succeed.flow(), scope)));
            case State.Fail fail -> throw failure(fail, scope);
        };
    }

    private Step pass(State.Pass pass, Scope scope) {
        JsonNode effective = parameters(pass.shaping(), scope, effective(pass.flow(), scope));
        JsonNode result = pass.result().map(JsonNode::<JsonNode>deepCopy).orElse(effective);
        JsonNode placed = place(pass.shaping().place(), scope, result);
        return new Step(pass.transition().next(), output(pass, scope, placed));
    }

    private Step choose(State.Choice choice, Scope scope) {
        JsonNode effective = effective(choice.flow(), scope);
        String next = choice.branches().stream()
                .filter(branch -> branch.rule().holds(scope.withInput(effective)))
                .findFirst()
                .map(State.Branch::next)
                .or(choice::otherwise)
                .orElseThrow(() ->
                        new StateFailure(StateFailure.NO_CHOICE_MATCHED, "No choice matched, and there is no default"));
        return new Step(Optional.of(next), output(choice, scope, effective));
    }

    private Step task(State.Task task, Scope scope) throws InterruptedException {
        TaskRunner.Retries retries = tasks.retries(task);
        while (true) {
            try {
                JsonNode parameters = parameters(task.shaping(), scope, effective(task.flow(), scope));
                JsonNode answer = limited("task", tasks.call(task, parameters));
                JsonNode result = task.resultSelector()
                        .map(selector -> selector.evaluate(scope.withInput(answer)))
                        .orElse(answer);
                JsonNode placed = place(task.shaping().place(), scope, result);
                JsonNode output = limited("task", output(task, scope, placed));
                return new Step(task.transition().next(), output);
            } catch (StateFailure failure) {
                if (!retries.waitBeforeNext(failure)) {
                    return caught(task, scope, failure);
                }
                context.withObject("/State").put("RetryCount", retries.done());
            }
        }
    }

    private static Step caught(State.Task task, Scope scope, StateFailure failure) {
        State.Catcher catcher = task.catchers().stream()
                .filter(each -> ErrorMatch.matches(each.errors(), failure.error()))
                .findFirst()
                .orElseThrow(() -> failure);
        ObjectNode error = LocatedJson.JSON.createObjectNode().put("Error", failure.error());
        present(failure.causeText()).ifPresent(cause -> error.put("Cause", cause));
        return new Step(Optional.of(catcher.next()), place(catcher.place(), scope, error));
    }

    private static StateFailure failure(State.Fail fail, Scope scope) {
        return new StateFailure(text(fail.error(), scope), text(fail.cause(), scope));
    }

    private static String text(Optional<Expression> expression, Scope scope) {
        JsonNode value = expression
                .map(found -> found.evaluate(scope))
                .orElse(LocatedJson.JSON.getNodeFactory().textNode(""));
        if (!value.isTextual()) {
            throw new StateFailure(StateFailure.RUNTIME, "An error's name and cause are strings");
        }
        return value.textValue();
    }

    private static JsonNode effective(State.Flow flow, Scope scope) {
        return flow.input().map(path -> path.evaluate(scope)).orElseGet(() -> LocatedJson.JSON.createObjectNode());
    }

    private static JsonNode parameters(State.Shaping shaping, Scope scope, JsonNode effective) {
        return shaping.parameters()
                .map(template -> template.evaluate(scope.withInput(effective)))
                .orElse(effective);
    }

    private static JsonNode place(Optional<ReferencePath> place, Scope scope, JsonNode result) {
        return place.map(path -> path.put(scope.input(), result)).orElse(scope.input());
    }

    private static JsonNode output(State state, Scope scope, JsonNode value) {
        return state.flow()
                .output()
                .map(path -> path.evaluate(scope.withInput(value)))
                .orElseGet(() -> LocatedJson.JSON.createObjectNode());
    }

    private static JsonNode limited(String who, JsonNode data) {
        if (Intrinsic.written(data).getBytes(StandardCharsets.UTF_8).length > DATA_LIMIT_BYTES) {
            throw new StateFailure(
                    StateFailure.DATA_LIMIT_EXCEEDED,
                    "The state/task '" + who
                            + "' returned a result with a size exceeding the maximum number of bytes service limit.");
        }
        return data;
    }

    private ObjectNode context(JsonNode input) {
        ObjectNode all = LocatedJson.JSON.createObjectNode();
        all.putObject("Execution")
                .put("Id", identity.arn())
                .put("Name", identity.name())
                .put("StartTime", surroundings.clock().instant().toString())
                .set("Input", input);
        all.putObject("StateMachine").put("Id", machine.arn()).put("Name", machine.name());
        return all;
    }

    private void enter(String state) {
        context.putObject("State")
                .put("EnteredTime", surroundings.clock().instant().toString())
                .put("Name", state)
                .put("RetryCount", 0);
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
