package io.orderledger.local.access;

import io.orderledger.local.database.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a caller has to know, sent as {@code Authorization: Bearer TOKEN}. It comes from a file and never from the command line, which
 * everybody on the machine can read; and it is shown by no method but {@link #text}.
 *
 * <p>Immutable.
 */
public final class AccessToken {
    /** The name of the file that a token is drawn into. */
    public static final String FILE = "access-token";

    private static final int DRAWN_BYTES = 32;

    /** As RFC 6750 writes a bearer token; long enough that nobody finds it by trying. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]{16,1024}=*");

    private static final String SCHEME = "Bearer ";

    private final String text;
    private final byte[] digest;

    private AccessToken(String text) {
        this.text = text;
        this.digest = digest(text);
    }

    /**
     * Reads a token from the first line of a file, which must be the only one.
     *
     * @throws Unusable if there is none; the message names the file and says what a token looks like, and nothing of the content
     */
    public static AccessToken in(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Unusable(
                    "the token in " + file + " cannot be read: " + e.getClass().getSimpleName());
        }
        if (lines.size() != 1 || !FORM.matcher(lines.getFirst()).matches()) {
            throw new Unusable("there is no token in " + file
                    + ": it is one line of 16 to 1024 letters, digits and the characters . _ ~ + / -");
        }
        return new AccessToken(lines.getFirst());
    }

    /** The token in a folder's file {@link #FILE}, which is drawn and written for its owner only where the file is missing. */
    public static AccessToken drawnIn(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            byte[] random = new byte[DRAWN_BYTES];
            new SecureRandom().nextBytes(random);
            try {
                PrivateFile.write(file, (HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(file + " cannot be written", e);
            }
        }
        return in(file);
    }

    /** The token itself, for who has to send it. */
    public String text() {
        return text;
    }

    /** Whether the value of an Authorization header brings this token. Takes equally long for every other token. */
    boolean isBroughtBy(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        // Digests are equally long, so not even the token's length shows.
        return MessageDigest.isEqual(
                digest(authorization.substring(SCHEME.length()).strip()), digest);
    }

    /** Without the token: this may be logged. */
    @Override
    public String toString() {
        return "AccessToken";
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** There is no token to be demanded, so nothing is listened to. The message says what to do. */
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }
}
