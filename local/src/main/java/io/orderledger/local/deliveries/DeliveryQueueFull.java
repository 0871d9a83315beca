package io.orderledger.local.deliveries;

/**
 * A delivery was refused because too many are waiting; nothing of the call was stored. The remedy is to wait until the
 * destination works again and to send again.
 */
public final class DeliveryQueueFull extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String queue;
    private final int limit;

    DeliveryQueueFull(String queue, int limit) {
        super("the queue " + queue + " holds its maximum of " + limit + " deliveries");
        this.queue = queue;
        this.limit = limit;
    }

    public String queue() {
        return queue;
    }

    public int limit() {
        return limit;
    }
}
