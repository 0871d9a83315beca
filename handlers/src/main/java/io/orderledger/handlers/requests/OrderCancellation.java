package io.orderledger.handlers.requests;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** The body of {@code PUT /orders/{orderId}/cancellation}. A reason is somebody's own words, so it can be erased. */
final class OrderCancellation {
    private static final int MAX_REASON_CODE_POINTS = 500;

    private OrderCancellation() {}

    /** Reads the body; whatever does not fit is added to the problems, and then the content is of no use. */
    static Content read(ObjectFields data, Optional<String> principal) {
        ObjectNode personal = Content.personalData(principal);
        data.text("reason", MAX_REASON_CODE_POINTS).ifPresent(reason -> personal.put("reason", reason));
        data.refuseUnknown();
        return Content.of(JsonNodeFactory.instance.objectNode(), personal);
    }
}
