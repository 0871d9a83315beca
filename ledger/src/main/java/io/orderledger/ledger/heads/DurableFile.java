package io.orderledger.ledger.heads;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Makes files that are complete and on disk as soon as they have their name, and that never take the place of another: the content is
 * written and forced under a passing name, then linked to its own, which fails if that is taken, and the folder is forced.
 */
final class DurableFile {
    private DurableFile() {}

    /**
     * Makes a file that everybody may read and nobody should write.
     *
     * @throws FileAlreadyExistsException if there is a file of that name
     */
    static void create(Path file, String content) throws IOException {
        create(file, content, "r--r--r--");
    }

    /**
     * Makes a file for its owner alone.
     *
     * @throws FileAlreadyExistsException if there is a file of that name
     */
    static void createPrivate(Path file, String content) throws IOException {
        create(file, content, "rw-------");
    }

    private static void create(Path file, String content, String permissions) throws IOException {
        Path passing = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            try (FileChannel channel = FileChannel.open(
                    passing,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)))) {
                ByteBuffer remaining = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
                while (remaining.hasRemaining()) {
                    channel.write(remaining);
                }
                channel.force(true);
            }
            Files.createLink(file, passing);
        } finally {
            Files.deleteIfExists(passing);
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
