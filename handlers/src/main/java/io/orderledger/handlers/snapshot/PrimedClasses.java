package io.orderledger.handlers.snapshot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The classes that the functions load until they have answered a first request, the database's driver included. They were written down by
 * running the functions ({@code SnapshotIT}); a name that is there no more is passed over.
 */
final class PrimedClasses {
    private static final String NAMES = "primed-classes.txt";

    /** These are initialised, too. Of others, such as the JDK's, it is not known what they would do ahead of time. */
    private static final List<String> INITIALISED =
            List.of("com.fasterxml.jackson.", "io.orderledger.", "org.jooq.", "org.postgresql.");

    private PrimedClasses() {}

    /**
     * Loads them.
     *
     * @return how many there are
     */
    static int load() {
        int loaded = 0;
        for (String name : names()) {
            try {
                Class.forName(
                        name, INITIALISED.stream().anyMatch(name::startsWith), PrimedClasses.class.getClassLoader());
                loaded++;
            } catch (ClassNotFoundException | LinkageError e) {
                // Of another version of a library or the JDK. A request that needs it says so itself.
            }
        }
        return loaded;
    }

    static List<String> names() {
        try (InputStream file = PrimedClasses.class.getResourceAsStream(NAMES)) {
            if (file == null) {
                throw new IllegalStateException(NAMES + " is missing in the archive");
            }
            return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
