package io.orderledger.local.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.bus.EventBus;
import io.orderledger.local.bus.PutEventsRefused;
import io.orderledger.local.bus.PutEventsResult;
import io.orderledger.local.bus.PutEventsResult.Entry;

/** EventBridge's operations in awsJson1_1. */
final class EventsApi {

    static final String TARGET_PREFIX = "AWSEvents.";
    private static final String CONTENT_TYPE = "application/x-amz-json-1.1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventBus bus;

    EventsApi(EventBus bus) {
        this.bus = bus;
    }

    Reply answer(String operation, JsonNode request, Call call) {
        String type = call.answerType(CONTENT_TYPE);
        if (!operation.equals("PutEvents")) {
            return Reply.error(
                    Reply.BAD_REQUEST, type, "UnknownOperationException", operation + " is not supported here");
        }
        try {
            return Reply.json(Reply.OK, type, json(bus.putEvents(request)));
        } catch (PutEventsRefused e) {
            return Reply.error(Reply.BAD_REQUEST, type, e.errorCode(), String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode json(PutEventsResult result) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode entries = answer.putArray("Entries");
        for (Entry entry : result.entries()) {
            switch (entry) {
                case Entry.Accepted accepted -> entries.addObject().put("EventId", accepted.eventId());
                case Entry.Refused refused ->
                    entries.addObject()
                            .put("ErrorCode", refused.errorCode())
                            .put("ErrorMessage", refused.errorMessage());
            }
        }
        return answer.put("FailedEntryCount", result.failedEntryCount());
    }
}
