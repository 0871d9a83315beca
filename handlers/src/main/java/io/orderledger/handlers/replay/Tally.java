package io.orderledger.handlers.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.requests.Recorded;

/** What became of messages. Not thread-safe. */
final class Tally {
    private long appended;
    private long duplicate;
    private long refused;
    private long parked;
    private long failed;
    private long passedOver;

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

    /** The message failed too often, and was taken out of its queue. */
    void addParked() {
        parked++;
    }

    /** The message was looked at, is not meant, and stays in its queue. */
    void addPassedOver() {
        passedOver++;
    }

    /** Messages that have left their queue. */
    long handled() {
        return appended + duplicate + refused + parked;
    }

    long recorded() {
        return appended + duplicate;
    }

    long parked() {
        return parked;
    }

    long failed() {
        return failed;
    }

    void add(Tally other) {
        appended += other.appended;
        duplicate += other.duplicate;
        refused += other.refused;
        parked += other.parked;
        failed += other.failed;
        passedOver += other.passedOver;
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("appended", appended)
                .put("duplicate", duplicate)
                .put("refused", refused)
                .put("parked", parked)
                .put("failed", failed)
                .put("passedOver", passedOver);
    }
}
