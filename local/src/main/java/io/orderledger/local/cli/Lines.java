package io.orderledger.local.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file's lines as bytes, one at a time: of a file of any size only one line is held, and of a line no more than fits. */
final class Lines implements AutoCloseable {
    /** One byte more than is taken as an event, so that what is too long shows. */
    private static final int MAX_KEPT_SIZE_BYTES = JsonLine.MAX_SIZE_BYTES + 1;

    private static final int BUFFER_SIZE_BYTES = 1 << 16;

    private final InputStream in;
    private long number;
    private long bytesRead;

    Lines(Path file) throws IOException {
        this.in = new BufferedInputStream(Files.newInputStream(file), BUFFER_SIZE_BYTES);
    }

    /** The next line without its end; empty after the last. What is longer than any event is cut off behind its limit. */
    Optional<byte[]> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int read = in.read();
        if (read < 0) {
            return Optional.empty();
        }
        number++;
        for (; read >= 0; read = in.read()) {
            bytesRead++;
            if (read == '\n') {
                break;
            }
            if (line.size() < MAX_KEPT_SIZE_BYTES) {
                line.write(read);
            }
        }
        return Optional.of(line.toByteArray());
    }

    /** Number of the line that was read last, from 1. */
    long number() {
        return number;
    }

    long bytesRead() {
        return bytesRead;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
