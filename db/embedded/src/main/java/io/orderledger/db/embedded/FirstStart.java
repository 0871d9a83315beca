package io.orderledger.db.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The making of a cluster, until it was started and secured once. If it is cut off, half of a cluster is left, which no start can use; a file
 * beside the folder says so, and the next start makes the cluster anew. Nobody has stored anything by then.
 */
final class FirstStart {
    private final Path marker;
    private final Path folder;

    private FirstStart(Path marker, Path folder) {
        this.marker = marker;
        this.folder = folder;
    }

    /** Before the server is started: marks that there is no cluster yet, and removes what is left of one that was never finished. */
    static FirstStart begin(Path directory) {
        Path marker = directory.resolveSibling(directory.getFileName() + ".first-start");
        Path folder = Objects.requireNonNull(marker.getParent(), "a folder has a parent");
        try {
            if (Files.exists(marker)) {
                delete(directory);
            } else if (!Files.exists(directory.resolve("postgresql.conf"))) {
                Files.createDirectories(folder);
                Files.createFile(marker);
                force(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + directory + " cannot be prepared", e);
        }
        return new FirstStart(marker, folder);
    }

    /** The cluster is whole. When this returns, a crash of the machine does not bring the mark back: the mark deletes data. */
    void end() {
        try {
            if (Files.deleteIfExists(marker)) {
                force(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(marker + " cannot be removed", e);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> files;
            try (var walk = Files.walk(folder)) {
                files = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
