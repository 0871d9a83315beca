package io.orderledger.handlers.requests;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;

/** The data of what another service reports of an order. That it happened, and when, is all that version 1 says of any of them. */
final class ProgressReport {
    private ProgressReport() {}

    /** Reads the data, which may be missing; whatever does not fit is added to the problems, and then the content is of no use. */
    static Content read(Optional<ObjectFields> data, Optional<String> principal) {
        data.ifPresent(ObjectFields::refuseUnknown);
        return Content.of(JsonNodeFactory.instance.objectNode(), Content.personalData(principal));
    }
}
