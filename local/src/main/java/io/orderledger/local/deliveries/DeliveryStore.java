package io.orderledger.local.deliveries;

import io.orderledger.local.storage.MapFile;
import io.orderledger.local.storage.MapFileUnusable;
import java.nio.file.Path;
import java.time.InstantSource;

/** The file that holds all waiting deliveries. Thread-safe. */
public final class DeliveryStore implements DeliveryStorage, AutoCloseable {

    private static final String FILE_NAME = "deliveries.mv";

    private final MapFile file;

    private DeliveryStore(MapFile file) {
        this.file = file;
    }

    /**
     * Opens the store in a folder, which is made where it is missing.
     *
     * @throws MapFileUnusable where the file cannot be opened, or another process holds it
     */
    public static DeliveryStore open(Path folder) {
        return new DeliveryStore(MapFile.open(folder.resolve(FILE_NAME)));
    }

    @Override
    public DeliveryQueue queue(String name, int maximumWaiting, int maximumAtOnce, InstantSource clock) {
        return new DeliveryQueue(file, name, maximumWaiting, maximumAtOnce, clock);
    }

    /** Whether something more can be stored. */
    public boolean isUsable() {
        return file.isUsable();
    }

    /** Writes everything and closes the file. Its queues must have been closed before. */
    @Override
    public void close() {
        file.close();
    }
}
