package io.orderledger.local.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds everything an instance keeps: database, bus, queues, passwords. One instance at a time holds its lock; the
 * operating system releases it when the instance's process ends, however it ends.
 */
public final class DataFolder implements AutoCloseable {
    private static final String LOCK_FILE = "instance.lock";

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the folder when it is missing, for its owner only, and takes its lock.
     *
     * @throws InUse if another instance runs on the folder
     * @throws UncheckedIOException if the folder cannot be made or written
     */
    public static DataFolder lock(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(
                        absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            FileChannel channel =
                    FileChannel.open(absolute.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new InUse(path);
            }
            return new DataFolder(absolute, channel);
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder " + path + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Whether an instance holds the folder's lock now. */
    static boolean isLocked(Path path) {
        Path file = path.resolve(LOCK_FILE);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return tryLock(channel) == null;
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another instance in this very JVM.
            return null;
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The lock of " + path + " could not be released", e);
        }
    }

    /** Another instance runs on the folder. Stop it, or choose another folder. */
    public static final class InUse extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String path;

        InUse(Path path) {
            super("another 'order-ledger up' is running on " + path
                    + "; stop it, or choose another folder with --data");
            this.path = path.toString();
        }

        /** The folder that is in use. */
        public String path() {
            return path;
        }
    }
}
