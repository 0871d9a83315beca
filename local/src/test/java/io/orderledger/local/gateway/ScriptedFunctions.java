package io.orderledger.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.functions.FunctionInvoker;
import io.orderledger.local.functions.InvocationResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Functions that keep what they are invoked with and answer what a test says. */
final class ScriptedFunctions implements FunctionInvoker {

    record Invocation(String functionArn, JsonNode event) {}

    private final List<Invocation> invocations = new CopyOnWriteArrayList<>();
    private volatile Supplier<InvocationResult> answers = () -> success("{\"statusCode\":200}");

    static InvocationResult success(String json) {
        return new InvocationResult.Success(json.getBytes(StandardCharsets.UTF_8));
    }

    void answer(Supplier<InvocationResult> supplier) {
        answers = supplier;
    }

    void answer(String json) {
        answers = () -> success(json);
    }

    List<Invocation> invocations() {
        return List.copyOf(invocations);
    }

    Invocation onlyInvocation() {
        if (invocations.size() != 1) {
            throw new AssertionError("expected one invocation, not " + invocations.size());
        }
        return invocations.getFirst();
    }

    void forget() {
        invocations.clear();
    }

    @Override
    public InvocationResult invoke(String functionArn, byte[] event) {
        JsonNode parsed = Json.parse(new String(event, StandardCharsets.UTF_8)).orElseThrow();
        invocations.add(new Invocation(functionArn, parsed));
        return answers.get();
    }

    @Override
    public void invokeAsync(String functionArn, byte[] event) {
        throw new AssertionError("API Gateway invokes functions synchronously");
    }
}
