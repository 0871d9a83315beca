package io.orderledger.ledger.heads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Heads in a folder, a file each, named by the size in 19 digits. Other files there are left alone. Immutable. */
public final class FolderHeadStore implements HeadStore {
    private final Path folder;

    /** Uses a folder; it is made with the first head. */
    public FolderHeadStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public void put(long size, String note) {
        try {
            Files.createDirectories(folder);
            DurableFile.create(file(size), note);
        } catch (FileAlreadyExistsException e) {
            if (!get(size).equals(note)) {
                throw new HeadConflict(size, size);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The head of size " + size + " could not be kept in " + folder, e);
        }
    }

    @Override
    public long[] sizes() {
        if (!Files.isDirectory(folder)) {
            return new long[0];
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> HeadName.size(file.getFileName().toString()))
                    .flatMapToLong(OptionalLong::stream)
                    .sorted()
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException("The heads in " + folder + " cannot be listed", e);
        }
    }

    /** Looks at every name, as a listing of a folder does anyway. */
    @Override
    public OptionalLong newest() {
        return Arrays.stream(sizes()).max();
    }

    @Override
    public String get(long size) {
        Path file = file(size);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("There is no head of size " + size + " in " + folder);
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private Path file(long size) {
        return folder.resolve(HeadName.of(size));
    }
}
