package io.orderledger.handlers.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.requests.Recorded;

/** What became of messages. Not thread-safe. */
final class Tally {
    private long appended;
    private long duplicate;
    private long refused;
    private long failed;

    void add(Recorded recorded) {
        switch (recorded) {
            case Recorded.Appended _ -> appended++;
            case Recorded.Duplicate _ -> duplicate++;
            case Recorded.Refused _ -> refused++;
        }
    }

    /** The message could not be recorded now, and stays in its queue. */
    void addFailure() {
        failed++;
    }

    void add(Tally other) {
        appended += other.appended;
        duplicate += other.duplicate;
        refused += other.refused;
        failed += other.failed;
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("appended", appended)
                .put("duplicate", duplicate)
                .put("refused", refused)
                .put("failed", failed);
    }
}
