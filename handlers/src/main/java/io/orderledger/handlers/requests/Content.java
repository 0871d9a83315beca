package io.orderledger.handlers.requests;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a request says, in two parts: what stays in the ledger for ever, and what can be erased when a person asks for it. Merging the
 * second into the first gives what was sent, with the defaults of its schema version filled in.
 *
 * @param payload stays
 * @param personalData can be erased; empty when there is none
 */
record Content(ObjectNode payload, Optional<ObjectNode> personalData) {
    static Content of(ObjectNode payload, ObjectNode personalData) {
        return new Content(payload, personalData.isEmpty() ? Optional.empty() : Optional.of(personalData));
    }

    /** Who asked, as the API's authorisation named them: a person, so it can be erased. */
    static ObjectNode personalData(Optional<String> principal) {
        ObjectNode personal = JsonNodeFactory.instance.objectNode();
        principal.ifPresent(name -> personal.put("principal", name));
        return personal;
    }
}
