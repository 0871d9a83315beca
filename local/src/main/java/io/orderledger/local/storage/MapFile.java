package io.orderledger.local.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of sorted maps, an H2 MVStore: it only appends, with checksums, so that after a crash it opens at its last whole
 * commit and a torn tail is passed over. What was written before {@link #force} returned is on disk; other writes follow
 * within about a second. One process at a time may hold a file. Thread-safe.
 */
public final class MapFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MapFile.class);
    private static final int COMPACTION_AT_CLOSE_MILLIS = 200;

    /**
     * What has to be left on the disk for something new to be taken. A store that meets a full disk while it writes is closed for good, and
     * what is stored already needs room, too, to be marked as done.
     */
    static final long RESERVE_BYTES = 32L * 1024 * 1024;

    private final Path path;
    private final MVStore store;
    private final AtomicLong writes = new AtomicLong();
    private final Object forcing = new Object();
    private long forced;

    private MapFile(Path path, MVStore store) {
        this.path = path;
        this.store = store;
    }

    /**
     * Opens a file, which is made where it is missing, with its folder.
     *
     * @throws MapFileUnusable where it cannot be opened, or another process holds it
     */
    public static MapFile open(Path path) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            var opened = new AtomicBoolean();
            MVStore store = new MVStore.Builder()
                    .fileName(path.toAbsolutePath().toString())
                    .backgroundExceptionHandler((_, failure) -> {
                        if (opened.get()) { // before, the failure is thrown
                            LOG.error("{} cannot be written", path, failure);
                        }
                    })
                    .open();
            opened.set(true);
            return new MapFile(path, store);
        } catch (IOException | MVStoreException e) {
            throw new MapFileUnusable(path, e);
        }
    }

    /** The map of that name; made where it is missing. */
    public <K> MVMap<K, byte[]> map(String name, DataType<K> keys) {
        return store.openMap(name, new MVMap.Builder<K, byte[]>().keyType(keys).valueType(ByteArrayDataType.INSTANCE));
    }

    /** The names of all maps that begin so. */
    public List<String> names(String prefix) {
        return store.getMapNames().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /**
     * Returns once everything this thread has written is on disk. Threads that come at the same time share one force: who
     * waited for another's finds its own writes in it or in the next.
     *
     * @throws MapFileUnusable where the disk failed
     */
    public void force() {
        long mine = writes.incrementAndGet();
        synchronized (forcing) {
            if (forced >= mine) {
                return;
            }
            long all = writes.get();
            try {
                if (store.commit() < 0) {
                    // Nothing was left to commit: the store's own background commit has it, and may not have written it
                    // yet. The
                    // store's sync would not wait for that, so this does.
                    store.executeFilestoreOperation(() -> {});
                }
                store.sync();
            } catch (MVStoreException e) {
                throw new MapFileUnusable(path, e);
            }
            forced = all;
        }
    }

    /**
     * To be called before something new is put into a map: what is refused here has left nothing behind, and may come again once there is room.
     *
     * @throws MapFileUnusable where the disk is nearly full
     */
    public void demandRoom() {
        long left = path.toFile().getUsableSpace();
        if (left < RESERVE_BYTES) {
            throw new MapFileUnusable(
                    path,
                    new IOException(
                            "only " + left + " bytes are left on the disk, and " + RESERVE_BYTES + " are kept"));
        }
    }

    /** Whether something new can be stored now. */
    public boolean isUsable() {
        return !store.isClosed() && path.toFile().getUsableSpace() >= RESERVE_BYTES;
    }

    /** What the store does by itself about once a second: it lets others write what there is, and does not wait for them. */
    void commitInBackground() {
        store.tryCommit();
    }

    /** The exception for a map's failure. */
    public MapFileUnusable unusable(MVStoreException cause) {
        return new MapFileUnusable(path, cause);
    }

    /** Writes everything and closes the file; its maps cannot be used any more. */
    @Override
    public void close() {
        store.close(COMPACTION_AT_CLOSE_MILLIS);
    }
}
