package io.orderledger.local.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of the definitions, for tests that change them. */
final class Sam {
    private Sam() {}

    static Path copyTo(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(TestInstance.SAM)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(TestInstance.SAM.relativize(file)));
            }
        }
        return target;
    }

    /** Replaces text that must be there. */
    static void change(Path file, String old, String fresh) throws IOException {
        String text = Files.readString(file);
        if (!text.contains(old)) {
            throw new IllegalArgumentException(file.getFileName() + " does not contain " + old);
        }
        Files.writeString(file, text.replace(old, fresh));
    }
}
