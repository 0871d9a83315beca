package io.orderledger.local.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Listens to the bus as a consumer would, for people: every event that the ledger announces is a line of {@code announced.ndjson}, as the bus
 * delivers it. When the file is full it becomes {@code announced.1.ndjson}, and takes the place of an earlier one.
 *
 * <p>Thread-safe.
 */
final class AnnouncedEvents {
    /** What it listens to. */
    static final String SOURCE = "order-ledger.ledger";

    private static final String FILE = "announced.ndjson";
    private static final String EARLIER = "announced.1.ndjson";
    private static final long MAX_SIZE_BYTES = 16L * 1024 * 1024;

    private final Path file;
    private final Path earlier;

    AnnouncedEvents(Path data) {
        this.file = fileIn(data);
        this.earlier = data.resolve(EARLIER);
    }

    static Path fileIn(Path data) {
        return data.resolve(FILE);
    }

    synchronized void write(String event) {
        try {
            if (Files.exists(file) && Files.size(file) > MAX_SIZE_BYTES) {
                Files.move(file, earlier, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(
                    file, event + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }
}
