package io.orderledger.local.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.local.bus.EventBus;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.queues.Queues;
import io.orderledger.local.workflow.Workflows;
import java.io.IOException;

/** Finds the service that a request is for, by its target. */
final class Services implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final EventsApi events;
    private final StatesApi states;
    private final SqsForwarder queues;
    private final LambdaApi functions;

    Services(EventBus bus, Workflows workflows, Queues queues, Functions functions) {
        this.events = new EventsApi(bus);
        this.states = new StatesApi(workflows);
        this.queues = new SqsForwarder(queues);
        this.functions = new LambdaApi(functions);
    }

    Reply answer(Call call) throws IOException, InterruptedException {
        String target = call.target().orElse("");
        if (target.startsWith(SqsForwarder.TARGET_PREFIX) || (target.isEmpty() && SqsForwarder.isQuery(call))) {
            return queues.answer(call);
        }
        if (LambdaApi.isInvocation(call)) {
            return functions.answer(call);
        }
        if (target.startsWith(EventsApi.TARGET_PREFIX)) {
            JsonNode request = json(call);
            return request == null
                    ? notJson(call)
                    : events.answer(target.substring(EventsApi.TARGET_PREFIX.length()), request, call);
        }
        if (target.startsWith(StatesApi.TARGET_PREFIX)) {
            JsonNode request = json(call);
            return request == null
                    ? notJson(call)
                    : states.answer(target.substring(StatesApi.TARGET_PREFIX.length()), request, call);
        }
        return Reply.error(
                Reply.BAD_REQUEST,
                "UnknownOperationException",
                "This names no service that runs here: events, states, sqs and lambda do");
    }

    @Override
    public void close() {
        queues.close();
    }

    /** The body as a JSON object; null where it is none. */
    private static @org.jspecify.annotations.Nullable JsonNode json(Call call) throws IOException {
        try {
            JsonNode body = JSON.readTree(call.body());
            return body.isObject() ? body : null;
        } catch (JsonProcessingException _) {
            return null;
        }
    }

    private static Reply notJson(Call call) {
        return Reply.error(
                Reply.BAD_REQUEST,
                call.answerType("application/x-amz-json-1.1"),
                "SerializationException",
                "The request is not a JSON object");
    }
}
