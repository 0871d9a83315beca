package io.orderledger.local.database;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The database users' passwords: drawn once, kept in a file of the data folder that only its owner may read.
 *
 * <p>Immutable.
 */
public final class Credentials {
    private static final int PASSWORD_BYTES = 24;
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, String> passwords;

    private Credentials(Map<String, String> passwords) {
        this.passwords = Map.copyOf(passwords);
    }

    /**
     * Reads the file, and draws passwords for the users that it does not know yet.
     *
     * @throws UncheckedIOException if the file cannot be read or written; its message names the file
     */
    public static Credentials in(Path file, Collection<String> users, SecureRandom random) {
        try {
            Map<String, String> passwords = read(file);
            boolean added = false;
            for (String user : users) {
                if (!passwords.containsKey(user)) {
                    passwords.put(user, draw(random));
                    added = true;
                }
            }
            if (added) {
                PrivateFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(passwords));
            }
            return new Credentials(passwords);
        } catch (IOException e) {
            throw new UncheckedIOException("The passwords in " + file + " cannot be read or written", e);
        }
    }

    /**
     * The password of a user.
     *
     * @throws IllegalArgumentException if the file has none for the user
     */
    public String password(String user) {
        String password = passwords.get(user);
        if (password == null) {
            throw new IllegalArgumentException("There is no database user " + user);
        }
        return password;
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> passwords = new TreeMap<>();
        if (Files.exists(file)) {
            passwords.putAll(JSON.readValue(file.toFile(), new TypeReference<Map<String, String>>() {}));
        }
        return passwords;
    }

    private static String draw(SecureRandom random) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
