package io.orderledger.local.queues;

/**
 * The queue server did not start, or did not take a message. The remedy is in the cause: mostly a folder that cannot be
 * written, a full disk, or another process that holds the folder.
 */
public final class QueuesUnusable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public QueuesUnusable(String what, Throwable cause) {
        super(what + ": " + cause.getMessage(), cause);
    }
}
