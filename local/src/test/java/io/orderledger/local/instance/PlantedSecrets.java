package io.orderledger.local.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Notes what an instance of a test keeps secret, so that the gate can look for it in everything that the tests wrote
 * (.ci/secrets_in_logs.py): passwords, tokens, and the key that signs heads.
 */
final class PlantedSecrets {
    private static final Path NOTES = Path.of("target", "planted-secrets");
    private static final int LEAST_LENGTH = 16;
    private static final JsonMapper JSON = new JsonMapper();

    private PlantedSecrets() {}

    static void noteThoseOf(Path data) throws IOException {
        Set<String> secrets = new LinkedHashSet<>();
        JSON.readTree(data.resolve("credentials.json").toFile()).forEach(password -> secrets.add(password.textValue()));
        JsonNode instance = JSON.readTree(data.resolve("instance.json").toFile());
        secrets.add(instance.path("token").textValue());
        secrets.add(instance.path("apiToken").textValue());
        secrets.addAll(keyLines(data.resolve("head-key")));
        Files.createDirectories(NOTES);
        Files.writeString(
                Files.createTempFile(NOTES, "of-an-instance-", ".txt"),
                secrets.stream()
                        .filter(secret -> secret.length() >= LEAST_LENGTH)
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    /** The private half; the public one is for everybody. */
    private static List<String> keyLines(Path key) throws IOException {
        return Files.readAllLines(key).stream()
                .dropWhile(line -> !line.equals("-----BEGIN PRIVATE KEY-----"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("-----"))
                .toList();
    }
}
