package io.orderledger.local.deliveries;

import java.nio.file.Path;

/**
 * The deliveries could not be read from or written to disk; nothing of the failed call may be taken as stored. The remedy
 * is to look at the file's permissions, at the space on its disk, and for another process that holds it.
 */
public final class DeliveryStoreUnusable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;

    DeliveryStoreUnusable(Path file, Throwable cause) {
        super("the deliveries in " + file + " cannot be used: " + cause.getMessage(), cause);
        this.file = file;
    }

    public Path file() {
        return file;
    }
}
