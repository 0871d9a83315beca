package io.orderledger.ledger;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An event of one type and schema version as it was once recorded, and what it has to be read as: a file of {@code resources/golden}.
 * Once a version is released, its {@code recorded} part never changes.
 *
 * @param recorded the payload as the ledger holds it
 * @param currentVersion the newest schema version of the type
 * @param current the payload in the form of that version
 */
record GoldenEvent(Form form, ObjectNode recorded, short currentVersion, ObjectNode current) {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final Pattern FILE_NAME = Pattern.compile("([A-Za-z]+)-([0-9]+)\\.json");
    private static final JsonMapper JSON = new JsonMapper();

    /** What tells a reader how to take a payload. */
    record Form(String type, short schemaVersion) {
        @Override
        public String toString() {
            return type + "-" + schemaVersion;
        }
    }

    static List<GoldenEvent> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().map(GoldenEvent::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new event of this form; with personal data its digest covers that, too. */
    NewEvent event(UUID orderId, Optional<ObjectNode> personalData) {
        return new NewEvent(
                UUID.randomUUID(),
                orderId,
                form.type(),
                form.schemaVersion(),
                recorded,
                personalData,
                TestEvents.json("{}"),
                TestEvents.NOON);
    }

    private static GoldenEvent read(Path file) {
        Matcher name = FILE_NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalStateException("No golden event has the name " + file.getFileName());
        }
        try {
            ObjectNode content = JSON.readValue(file.toFile(), ObjectNode.class);
            return new GoldenEvent(
                    new Form(name.group(1), Short.parseShort(name.group(2))),
                    content.at("/recorded").require(),
                    content.at("/current/schemaVersion").require().shortValue(),
                    content.at("/current/payload").require());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return form.toString();
    }
}
