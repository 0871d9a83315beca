package io.orderledger.local.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The project's own definitions, or a copy of them with a mistake in it. */
public final class SamFolder {

    private static final Path REAL = Path.of("../sam");

    private final Path folder;

    private SamFolder(Path folder) {
        this.folder = folder;
    }

    public static SamFolder real() {
        return new SamFolder(REAL);
    }

    /** A copy in a folder named {@code sam}, so that messages name files as they do for the real one. */
    public static SamFolder copyIn(Path directory) {
        Path copy = directory.resolve("sam");
        try (Stream<Path> files = Files.list(REAL)) {
            Files.createDirectories(copy);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SamFolder(copy);
    }

    /**
     * Replaces a text that must occur, at its first occurrence.
     *
     * @return the line that the replacement begins on
     */
    public int replace(String file, String text, String replacement) {
        try {
            Path path = folder.resolve(file);
            String content = Files.readString(path);
            assertThat(content).contains(text);
            int index = content.indexOf(text);
            Files.writeString(
                    path, content.substring(0, index) + replacement + content.substring(index + text.length()));
            return 1
                    + (int) content.substring(0, index)
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Stack load() {
        return load(Map.of());
    }

    public Stack load(Map<String, String> parameters) {
        return Stack.load(folder, context(parameters));
    }

    /** What a local run supplies, and {@code parameters} on top. */
    public static StackContext context(Map<String, String> parameters) {
        Map<String, String> all = new HashMap<>(Map.of(
                "ApiAuthorization", "NONE",
                "DatabaseProxyEndpoint", "127.0.0.1",
                "DatabaseWriterEndpoint", "127.0.0.2",
                "DatabasePort", "5555",
                "SubnetIds", "subnet-00000001,subnet-00000002",
                "SecurityGroupIds", "sg-00000001",
                "MigrationSecurityGroupIds", "sg-00000002"));
        all.putAll(parameters);
        return new StackContext("eu-west-1", "123456789012", "orders", all);
    }
}
