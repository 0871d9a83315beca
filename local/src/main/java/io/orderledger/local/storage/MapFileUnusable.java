package io.orderledger.local.storage;

import java.nio.file.Path;

/**
 * A file could not be read or written; nothing of the failed call may be taken as stored. The remedy is to look at the
 * file's permissions, at the space on its disk, and for another process that holds it.
 */
public final class MapFileUnusable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;

    MapFileUnusable(Path file, Throwable cause) {
        super(file + " cannot be used: " + cause.getMessage(), cause);
        this.file = file;
    }

    public Path file() {
        return file;
    }
}
