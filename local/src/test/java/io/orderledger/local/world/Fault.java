package io.orderledger.local.world;

/** What goes wrong in a world, in the words of the report, with how often it does where it may. */
enum Fault {
    REQUEST_REFUSED("API cannot store a request: 503", 0.06),
    ANSWER_LOST("API's answer is lost on its way", 0.06),
    DELIVERY_DELAYED("bus delays a delivery, up to 24 h", 0.12),
    DELIVERY_DUPLICATED("bus or Lambda delivers a message twice", 0.12),
    INVOCATION_REFUSED("Lambda takes no message from the bus", 0.06),
    FUNCTION_THROTTLED("function throttled", 0.06),
    CRASH_BEFORE_START("function crashes before its first step", 0.04),
    CRASH_BEFORE_STATEMENT("function crashes before a statement", 0.05),
    CRASH_AFTER_STATEMENT("function crashes after a statement", 0.05),
    CRASH_BEFORE_ANSWER("function crashes before its answer", 0.04),
    FUNCTION_TIMED_OUT("function runs out of time", 0.005),
    WORKFLOW_STALLED("workflow stands still until it times out", 0.04),
    CONNECTION_LOST_BEFORE_STATEMENT("connection lost before a statement", 0.05),
    CONNECTION_LOST_AFTER_STATEMENT("connection lost after a statement, in a transaction", 0.05),
    CONNECTION_LOST_IN_COMMIT("connection lost in a commit, before it is done", 0.04),
    COMMIT_ANSWER_LOST("commit done, its answer lost", 0.05),
    STATEMENT_REFUSED("database refuses a statement (memory, disk, connections)", 0.05),
    IDLE_CONNECTION_LOST("idle connection cut", 0.01),
    SESSION_REPLACED("failover behind a proxy: another session, without its state, on the same connection", 0.01),
    APPEND_FAILS("database fails every append of one message (internal error)", 0.1),
    CONNECTION_REFUSED("database refuses connections", 0.4),
    FAILOVER("failover: all connections cut, then away", 0.4),
    READ_ONLY("former writer: read-only", 0.3),
    CLOCK_STEPPED("database's clock steps, by up to an hour", 0.4),
    SEND_REFUSED("queue takes no message", 0.08),
    SEND_ANSWER_LOST("queue takes a message, its answer lost", 0.08),
    RECEIVED_TWICE("queue gives a message to two", 0.3),
    DELETE_FORGOTTEN("queue forgets a deletion", 0.3),
    RECEIVE_REFUSED("queue cannot be read", 0.05),
    ARCHIVE_REPLAYED("archive replayed to the bus, in any order", 0.5),
    CONTENT_CHANGED("another content under a used ID", 0.4),
    UNLISTED_SOURCE("event of a source that is not listed", 0.2),
    PUT_REFUSED("bus takes no announcements", 0.06),
    PUT_ANSWER_LOST("bus takes announcements, its answer lost", 0.06),
    ENTRY_REFUSED("bus takes some announcements of a call", 0.05);

    private final String title;
    private final double probability;

    Fault(String title, double probability) {
        this.title = title;
        this.probability = probability;
    }

    String title() {
        return title;
    }

    double probability() {
        return probability;
    }
}
