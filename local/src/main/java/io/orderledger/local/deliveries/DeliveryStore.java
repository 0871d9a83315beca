package io.orderledger.local.deliveries;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that holds all waiting deliveries, an append-only H2 MVStore: after a crash it opens at its last complete
 * commit, and a torn tail is cut off. One process at a time may hold it. Thread-safe.
 */
public final class DeliveryStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryStore.class);
    private static final String FILE_NAME = "deliveries.mv";
    private static final int COMPACTION_AT_CLOSE_MILLIS = 200;

    private final Path file;
    private final MVStore store;
    private final AtomicLong writes = new AtomicLong();
    private final Object forcing = new Object();
    private long forced;

    private DeliveryStore(Path file, MVStore store) {
        this.file = file;
        this.store = store;
    }

    /**
     * Opens the store in a folder, which is made where it is missing.
     *
     * @throws DeliveryStoreUnusable where the file cannot be opened, or another process holds it
     */
    public static DeliveryStore open(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        try {
            Files.createDirectories(folder);
            MVStore store = new MVStore.Builder()
                    .fileName(file.toAbsolutePath().toString())
                    .backgroundExceptionHandler((_, failure) -> LOG.error("{} cannot be written", file, failure))
                    .open();
            return new DeliveryStore(file, store);
        } catch (IOException | MVStoreException e) {
            throw new DeliveryStoreUnusable(file, e);
        }
    }

    /**
     * The queue of that name with everything that waits in it.
     *
     * @param maximumWaiting how many deliveries it may hold
     * @param maximumAtOnce how many attempts run at once
     */
    public DeliveryQueue queue(String name, int maximumWaiting, int maximumAtOnce, InstantSource clock) {
        return new DeliveryQueue(this, name, maximumWaiting, maximumAtOnce, clock);
    }

    MVMap<Long, byte[]> map(String name) {
        return store.openMap(
                name,
                new MVMap.Builder<Long, byte[]>().keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
    }

    /**
     * Returns once everything this thread has written is on disk. Threads that come at the same time share one force: who
     * waited for another's commit finds its own writes in it or in the next.
     */
    void force() {
        long mine = writes.incrementAndGet();
        synchronized (forcing) {
            if (forced >= mine) {
                return;
            }
            long all = writes.get();
            try {
                store.commit();
                store.sync();
            } catch (MVStoreException e) {
                throw new DeliveryStoreUnusable(file, e);
            }
            forced = all;
        }
    }

    DeliveryStoreUnusable unusable(MVStoreException cause) {
        return new DeliveryStoreUnusable(file, cause);
    }

    /** Writes everything and closes the file. Its queues must have been closed before. */
    @Override
    public void close() {
        store.close(COMPACTION_AT_CLOSE_MILLIS);
    }
}
