package io.orderledger.local.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.WorkflowDefinition;
import io.orderledger.local.deliveries.Surroundings;
import io.orderledger.local.functions.FunctionInvoker;
import io.orderledger.local.queues.QueueSender;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** The Express workflows of a stack. An execution exists only while its call waits, as on AWS. Thread-safe. */
public final class Workflows {

    /** What Step Functions allows for an execution's name. */
    private static final Pattern NAME = Pattern.compile("[^\\s<>{}\\[\\]?*\"#%\\\\^|~`$&,;:/\\p{Cntrl}]{1,80}");

    private static final String EMPTY_INPUT = "{}";

    private final Map<String, StateMachine> machines = new HashMap<>();
    private final Tasks tasks;
    private final Surroundings surroundings;
    private final Passage passage;

    /**
     * Reads the workflows.
     *
     * @throws DefinitionException with file, line and reason, where one says what is not supported
     */
    public Workflows(
            List<WorkflowDefinition> definitions,
            FunctionInvoker functions,
            QueueSender queues,
            Surroundings surroundings) {
        this(definitions, functions, queues, surroundings, Passage.REAL);
    }

    /** As the other constructor, in somebody else's time. */
    public Workflows(
            List<WorkflowDefinition> definitions,
            FunctionInvoker functions,
            QueueSender queues,
            Surroundings surroundings,
            Passage passage) {
        definitions.forEach(definition -> machines.put(definition.arn(), StateMachineReader.read(definition)));
        this.tasks = new Tasks(functions, queues);
        this.surroundings = surroundings;
        this.passage = passage;
    }

    /**
     * Runs an execution to its end.
     *
     * @param request the body of the call, as parsed JSON
     * @throws ExecutionRefused where it is not begun
     * @throws InterruptedException where the thread is interrupted; how far the execution came is not known then
     */
    public SyncExecution startSyncExecution(JsonNode request) throws InterruptedException {
        StateMachine machine = machine(text(request, "stateMachineArn", ""));
        String name = text(request, "name", UUID.randomUUID().toString());
        if (!NAME.matcher(name).matches()) {
            throw new ExecutionRefused("InvalidName", "Invalid Name: '" + name + "'");
        }
        String input = text(request, "input", EMPTY_INPUT);
        JsonNode json = input(input);
        Instant start = surroundings.clock().instant();
        var identity = new Execution.Identity(executionArn(machine, name), name);
        ExecutionResult result = new Execution(machine, identity, tasks, surroundings, passage, json).run(json);
        return new SyncExecution(
                identity.arn(), machine.arn(), name, start, surroundings.clock().instant(), input, result);
    }

    private StateMachine machine(String arn) {
        if (arn.isEmpty()) {
            throw new ExecutionRefused(
                    "ValidationException",
                    "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: "
                            + "Member must not be null");
        }
        if (!arn.startsWith("arn:")) {
            throw new ExecutionRefused("InvalidArn", "Invalid Arn: '" + arn + "'");
        }
        StateMachine machine = machines.get(arn);
        if (machine == null) {
            throw new ExecutionRefused("StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "'");
        }
        return machine;
    }

    private static JsonNode input(String input) {
        if (input.getBytes(StandardCharsets.UTF_8).length > Execution.DATA_LIMIT_BYTES) {
            throw new ExecutionRefused(
                    "ValidationException",
                    "1 validation error detected: Value at 'input' failed to satisfy constraint: "
                            + "Member must have length less than or equal to " + Execution.DATA_LIMIT_BYTES);
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(input)) {
            throw new ExecutionRefused("InvalidExecutionInput", "Invalid State Machine Execution Input");
        }
        try {
            JsonNode json = LocatedJson.JSON.readTree(input);
            if (json.isMissingNode()) {
                throw new ExecutionRefused("InvalidExecutionInput", "Invalid State Machine Execution Input");
            }
            return json;
        } catch (JsonProcessingException _) {
            throw new ExecutionRefused("InvalidExecutionInput", "Invalid State Machine Execution Input");
        }
    }

    private static String text(JsonNode request, String member, String otherwise) {
        JsonNode value = request.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw new ExecutionRefused("SerializationException", member + " can not be converted to a String");
        }
        return value.textValue();
    }

    private static String executionArn(StateMachine machine, String name) {
        return machine.arn().replace(":stateMachine:", ":express:") + ":" + name + ":" + UUID.randomUUID();
    }
}
