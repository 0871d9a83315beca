package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a command found, as data for programs and as text for people.
 *
 * @param exitCode {@link OrderLedger#DONE} or {@link OrderLedger#FOUND_WRONG}
 * @param list the field of the data whose elements are the lines of ndjson; empty if the data is one thing
 * @param text prints it for people
 * @param next the command that a user would want next, if one suggests itself; there always is one where something is wrong
 */
record Answer(int exitCode, ObjectNode data, String list, Consumer<Screen> text, Optional<String> next) {
    static Answer done(ObjectNode data, Consumer<Screen> text) {
        return new Answer(OrderLedger.DONE, data, "", text, Optional.empty());
    }

    /** Something is wrong, and this is what to do about it. */
    static Answer wrong(ObjectNode data, Consumer<Screen> text, String next) {
        return new Answer(OrderLedger.FOUND_WRONG, data, "", text, Optional.of(next));
    }

    /** The elements of this field are what was found. */
    Answer listing(String field) {
        return new Answer(exitCode, data, field, text, next);
    }

    Answer next(String command) {
        return new Answer(exitCode, data, list, text, Optional.of(command));
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
